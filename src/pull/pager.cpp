#include "pull/pager.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/sha256.h"
#include "base/terminal_text.h"
#include "http/url.h"
#include "json/json_text.h"
#include "report/shown_text.h"
#include "value/dates.h"

namespace trama {
namespace {

constexpr std::size_t kMostText = std::size_t{64} << 10U;  // bytes of a cursor or link
constexpr std::int64_t kMostSeconds = 253'402'300'799;     // 9999-12-31T23:59:59Z

/// Of a text with an offset or Z, a day, or seconds since 1970. False: it is none of these.
bool read_since(std::string_view text, bool number, std::int64_t& out) {
  if (number) {
    const std::size_t point = text.find('.');
    if (point != std::string_view::npos && !is_number(text.substr(point + 1))) return false;
    const std::string_view whole = text.substr(0, point);
    const char* const end = whole.data() + whole.size();
    const auto [stop, error] = std::from_chars(whole.data(), end, out);
    return error == std::errc() && stop == end && out >= 0 && out <= kMostSeconds;
  }
  if (read_instant(text, out)) return true;
  return text.size() == 10 && read_instant(std::string(text) + "T00:00:00Z", out);
}

std::string digest_of(const std::string& text) {
  return sha256(text).substr(0, 32);
}

}  // namespace

std::string written(std::int64_t seconds, SinceRule::As as) {
  if (as == SinceRule::As::seconds) return std::to_string(seconds);
  const std::string whole = utc_second(seconds * 1000);
  return as == SinceRule::As::date ? whole.substr(0, whole.find('T')) : whole;
}

Pager::Pager(const PullSource& source, std::optional<std::int64_t> since)
    : source_(source), since_(since) {
  seen_.insert(digest_of(first().url));  // a link back to it is none to a next page
}

std::string Pager::filled(const std::string& text) const {
  std::string out = text;
  if (!since_ || !source_.since) return out;
  const std::string value = written(*since_, source_.since->as);
  for (std::size_t at = out.find(kSince); at != std::string::npos;
       at = out.find(kSince, at + value.size()))
    out.replace(at, kSince.size(), value);
  return out;
}

std::string Pager::base_url() const {
  Query query;
  for (const auto& [name, value] : source_.query)
    if (since_ || value.find(kSince) == std::string::npos) query.emplace_back(name, filled(value));
  return with_query(filled(source_.url), query);
}

HttpRequest Pager::request_of(const std::string& url) const {
  HttpRequest request;
  request.url = url;
  request.headers = source_.headers;
  return request;
}

HttpRequest Pager::with_param(const std::string& value) const {
  return request_of(with_query(base_url(), {{source_.pages.param, value}}));
}

HttpRequest Pager::first() const {
  switch (source_.pages.kind) {
    case Paging::Kind::page:
      return with_param(std::to_string(source_.pages.first));
    case Paging::Kind::offset:
      return with_param("0");
    default:
      break;
  }
  HttpRequest request = request_of(base_url());
  if (!source_.graphql) return request;
  request.method = "POST";
  const auto is_type = [](const HttpHeader& header) {
    std::string name = header.name;
    for (char& c : name) c = small_letter(c);
    return name == "content-type";
  };
  if (std::none_of(request.headers.begin(), request.headers.end(), is_type))
    request.headers.push_back({"Content-Type", "application/json"});
  request.body = body_of(nullptr);
  return request;
}

std::string Pager::body_of(const std::string* cursor) const {
  const GraphqlRule& graphql = *source_.graphql;
  std::string body = "{\"query\": ";
  append_json_string(body, graphql.query);
  body += ", \"variables\": {";
  const char* between = "";
  const auto add = [&](const std::string& name, const std::string& value, bool is_text) {
    body += between;
    between = ", ";
    append_json_string(body, name);
    body += ": ";
    if (is_text)
      append_json_string(body, value);
    else
      body += value;
  };
  for (const GraphqlRule::Variable& one : graphql.variables) {
    if (cursor != nullptr && one.name == graphql.cursor_variable) continue;
    if (!since_ && one.value.find(kSince) != std::string::npos) continue;
    add(one.name, filled(one.value), one.is_text);
  }
  if (cursor != nullptr) add(graphql.cursor_variable, *cursor, true);
  return body + "}}";
}

Failure Pager::wrong(const Path& path, Phrase what) const {
  return {FailureCode::page_value_wrong,
          {source_.name, std::to_string(pages_), path.text, std::move(what)}};
}

Result<void> Pager::note_new(const std::string& what) {
  if (seen_.insert(digest_of(what)).second) return {};
  return Failure{FailureCode::page_repeated,
                 {source_.name, std::to_string(pages_), visible(shortened(what))}};
}

Result<std::optional<HttpRequest>> Pager::next(const HttpAnswer& answer, Page& page) {
  if (++pages_ == 1 && source_.looks_into_pages()) first_keys_ = page.keys();
  if (source_.graphql) TRAMA_TRY_VOID(refuse_errors(page));
  if (source_.since) TRAMA_TRY_VOID(note_times(page));
  const Paging& paging = source_.pages;
  using Nothing = std::optional<HttpRequest>;
  switch (paging.kind) {
    case Paging::Kind::one:
      break;
    case Paging::Kind::link_header: {
      for (const HttpHeader& header : answer.headers) {
        if (header.name != "link") continue;
        const std::optional<std::string> link = next_link(header.value);
        if (link) return next_url(answer.url, *link);
      }
      if (pages_ == 1 && value_of(answer.headers, "link").empty()) silent_at_ = "Link";
      return Nothing();
    }
    case Paging::Kind::url: {
      TRAMA_TRY(const std::optional<std::string> link, text_at(paging.path, page, false));
      if (!link) return Nothing();
      return next_url(answer.url, *link);
    }
    case Paging::Kind::cursor: {
      TRAMA_TRY(const std::optional<std::string> cursor, text_at(paging.path, page, true));
      if (!cursor) return Nothing();
      TRAMA_TRY_VOID(note_new(*cursor));
      return std::optional(with_param(*cursor));
    }
    case Paging::Kind::page:
    case Paging::Kind::offset:
      return next_of_list(page);
  }
  if (!source_.graphql || !source_.graphql->cursor) return Nothing();
  Path more = *source_.graphql->cursor;  // beside the cursor, as Relay has it
  more.steps.back().key = "hasNextPage";
  if (page.at(more).raw() == "false") return Nothing();
  TRAMA_TRY(const std::optional<std::string> cursor, text_at(*source_.graphql->cursor, page, true));
  if (!cursor) return Nothing();
  TRAMA_TRY_VOID(note_new(*cursor));
  HttpRequest request = first();
  request.body = body_of(&*cursor);
  return std::optional(std::move(request));
}

Result<void> Pager::refuse_errors(Page& page) const {
  Path errors;
  errors.steps.push_back({.kind = Path::StepKind::key, .key = "errors"});
  const Node node = page.at(errors);
  const bool some = node.exists() && node.kind() != JsonKind::null && !node.is_empty_container();
  Path data;
  data.steps.push_back({.kind = Path::StepKind::key, .key = "data"});
  const bool none = page.at(data).kind() != JsonKind::object;
  if (!some && !none) return {};
  const Phrase what =
      some ? Phrase(visible(shortened(node.raw(), 200))) : Phrase(PhraseCode::pull_no_data);
  return Failure{FailureCode::graphql_errors, {source_.name, std::to_string(pages_), what}};
}

Result<void> Pager::note_times(Page& page) {
  const Path& path = source_.since->path;
  std::optional<Failure> failure;
  page.each(path, [&](const Node& node) {
    if (node.kind() == JsonKind::null) return true;
    const bool number = node.kind() == JsonKind::number;
    std::int64_t seconds = 0;
    if ((number || node.kind() == JsonKind::text) &&
        read_since(page.text_of(node), number, seconds)) {
      latest_ = std::max(latest_.value_or(seconds), seconds);
      return true;
    }
    failure = wrong(path, {PhraseCode::pull_no_time, {visible(shortened(node.raw()))}});
    return false;
  });
  if (failure) return std::move(*failure);
  // The records that could have one.
  const auto many = [](const Path::Step& step) {
    return step.kind == Path::StepKind::items || step.kind == Path::StepKind::entries;
  };
  Path records = path;
  while (!records.steps.empty() && !many(records.steps.back())) records.steps.pop_back();
  page.each(records, [this](const Node&) {
    some_records_ = true;
    return false;
  });
  return {};
}

Result<void> Pager::check_end() const {
  if (!source_.since || latest_ || !some_records_) return {};
  return wrong(source_.since->path, PhraseCode::pull_no_times);
}

Result<std::optional<HttpRequest>> Pager::next_url(const std::string& base,
                                                   const std::string& reference) {
  if (reference.size() > kMostText)
    return Failure{FailureCode::page_value_wrong,
                   {source_.name, std::to_string(pages_), "next",
                    Phrase(PhraseCode::pull_too_long, {std::to_string(kMostText)})}};
  const std::optional<std::string> link = resolved_url(base, reference);
  const std::optional<Url> to = link ? read_url(*link) : std::nullopt;
  const std::optional<Url> from = read_url(base);
  if (!to || !from)
    return Failure{FailureCode::page_value_wrong,
                   {source_.name, std::to_string(pages_), "next",
                    Phrase(PhraseCode::pull_no_url, {visible(shortened(reference))})}};
  if (!to->same_server(*from) || to->has_user)
    return Failure{FailureCode::redirect_refused,
                   {source_.name, Phrase(PhraseCode::pull_next_elsewhere,
                                         {std::to_string(pages_),
                                          to->scheme + "://" + to->host + ':' + to->port})}};
  TRAMA_TRY_VOID(note_new(*link));
  return std::optional(request_of(*link));
}

Result<std::optional<std::string>> Pager::text_at(const Path& path, Page& page, bool numbers) {
  const Node node = page.at(path);
  using Nothing = std::optional<std::string>;
  switch (node.kind()) {
    case JsonKind::missing:
      // What should hold it is not there: the path is wrong, or it is another kind of answer.
      if (!page.has_above(path) && !is_like_first(path, page))
        return wrong(path, PhraseCode::pull_nothing_there);
      if (pages_ == 1) silent_at_ = path.text;
      return Nothing();
    case JsonKind::null:
      return Nothing();
    case JsonKind::number:
      if (!numbers) return wrong(path, {PhraseCode::pull_no_url, {std::string(node.raw())}});
      [[fallthrough]];
    case JsonKind::text: {
      std::string text = page.text_of(node);
      if (text.empty()) return Nothing();
      if (text.size() > kMostText)
        return wrong(path, {PhraseCode::pull_too_long, {std::to_string(kMostText)}});
      return std::optional(std::move(text));
    }
    default:
      return wrong(path, {PhraseCode::pull_no_text, {visible(shortened(node.raw()))}});
  }
}

bool Pager::is_like_first(const Path& path, Page& page) const {
  if (pages_ == 1) return false;
  return std::all_of(first_keys_.begin(), first_keys_.end(), [&](const std::string& key) {
    return key == path.steps.front().key || page.has_key(key);
  });
}

/// Pages that are counted: one with fewer items than the first is the last one, or something was taken
/// out of the list while it was read, and what moved up was passed over.
Result<std::optional<HttpRequest>> Pager::next_of_list(Page& page) {
  const Paging& paging = source_.pages;
  const Node list = page.at(paging.path);
  if (list.kind() != JsonKind::list && list.kind() != JsonKind::null)
    return wrong(paging.path, PhraseCode::pull_no_list);
  const std::uint64_t count = list.kind() == JsonKind::null ? 0 : list.count();
  if (count == 0) return std::optional<HttpRequest>();
  if (short_page_)
    return Failure{FailureCode::page_shrank,
                   {source_.name, std::to_string(pages_ - 1), std::to_string(first_count_)}};
  if (pages_ == 1) first_count_ = paging.kind == Paging::Kind::offset ? paging.size : count;
  if (paging.kind == Paging::Kind::offset && count > paging.size)
    return wrong(paging.path, {PhraseCode::pull_more_items,
                               {std::to_string(count), std::to_string(paging.size)}});
  short_page_ = count < first_count_;
  const bool by_page = paging.kind == Paging::Kind::page;
  return std::optional(
      with_param(std::to_string(by_page ? paging.first + pages_ : paging.size * pages_)));
}

}  // namespace trama
