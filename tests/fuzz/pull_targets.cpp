// A target over what a server answers.

#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "fuzz/promises.h"
#include "fuzz/targets.h"
#include "http/curl.h"
#include "http/retry.h"
#include "http/url.h"
#include "service/page.h"
#include "pull/pager.h"
#include "text/catalogue.h"

namespace trama::fuzz {
namespace {

Path path_of(std::vector<Path::Step> steps) {
  Path path;
  path.text = "path";
  path.steps = std::move(steps);
  return path;
}

PullSource source_of(char kind) {
  PullSource source;
  source.name = "a";
  source.url = "https://a.example/x?size=2";
  source.pages.param = "at";
  source.pages.size = 2;
  const Path next = path_of(
      {{.kind = Path::StepKind::key, .key = "meta"}, {.kind = Path::StepKind::key, .key = "next"}});
  const Path list = path_of({{.kind = Path::StepKind::key, .key = "data"}});
  source.since.emplace().path = path_of({{.kind = Path::StepKind::key, .key = "data"},
                                         {.kind = Path::StepKind::items, .key = {}},
                                         {.kind = Path::StepKind::key, .key = "at"}});
  source.pages.path = next;
  switch (kind) {
    case 'l':
      source.pages.kind = Paging::Kind::link_header;
      break;
    case 'u':
      source.pages.kind = Paging::Kind::url;
      break;
    case 'c':
      source.pages.kind = Paging::Kind::cursor;
      break;
    case 'o':
      source.pages.kind = Paging::Kind::offset;
      source.pages.path = list;
      break;
    case 'g':
      source.graphql.emplace().cursor = next;
      break;
    default:
      source.pages.kind = Paging::Kind::page;
      source.pages.path = list;
  }
  return source;
}

void shown(const Failure& failure) {
  for (const Language language : {Language::en, Language::es})
    require(first_invalid_utf8(say(language, Phrase(failure.code, failure.values))) == kValidUtf8,
            "a failure that is no UTF-8");
}

}  // namespace

void answers(std::string_view input) {
  require(load_curl().ok(), "libcurl is not installed");
  if (input.empty()) return;
  const PullSource source = source_of(input.front());
  input.remove_prefix(1);
  Pager pager(source, 1'700'000'000);
  Page page;
  std::optional<HttpRequest> request = pager.first();
  while (request && !input.empty()) {
    // Of each answer a line of headers, and a line that is its body.
    HttpAnswer answer;
    answer.status = 200;
    answer.url = request->url;
    for (std::string* const line : {&answer.headers.emplace_back().value, &answer.error}) {
      *line = input.substr(0, input.find('\n'));
      input.remove_prefix(std::min(line->size() + 1, input.size()));
    }
    answer.headers.front().name = "link";
    answer.headers.push_back({"retry-after", answer.headers.front().value});
    (void)retry_after(answer.headers, 0);
    if (!page.read(answer.error).empty()) continue;
    Result<std::optional<HttpRequest>> next = pager.next(answer, page);
    if (!next.ok()) return shown(next.failure());
    request = std::move(next.value());
    if (!request) return;
    const std::optional<Url> to = read_url(request->url);
    require(to.has_value(), "what is asked for is no URL", request->url);
    require(to->same_server(*read_url(source.url)), "it leads to another server", request->url);
  }
}

}  // namespace trama::fuzz
