#include "push/target_file.h"

#include <algorithm>
#include <utility>

#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/words.h"
#include "service/service_file.h"

namespace trama {
namespace {

constexpr std::uint64_t kMostBatch = 10'000;
constexpr std::int64_t kUsualRequest = 300'000;

/// Scheme, host and port, as they are written.
std::string server_of(std::string_view url) {
  const std::size_t host = url.find("://") + 3;
  return small(url.substr(0, std::min(url.find_first_of("/?", host), url.size())));
}

class Reader : ServiceReader {
 public:
  Reader(TargetFile& out, const std::string& path, const std::string& root)
      : ServiceReader(out.diagnostics, path, root), out_(out) {
    target_.times.request = kUsualRequest;
  }

  void read(const YamlNode& map) {
    if (!map.is_map()) {
      report_kind(map, PhraseCode::a_target, PhraseCode::target_map, diagnostics_);
      return;
    }
    ServiceWords top(map, ServicePart::target, diagnostics_, PhraseCode::a_target);
    for (const std::string_view word : {"target", "version", "url"}) top.need(word);
    top.read("target", target_.name);
    std::string ignored;
    top.read("version", ignored);
    top.read("about", ignored);
    if (top.read("url", target_.url)) check_places(top, "url", target_.url, kKey);
    read_request(top, target_);
    top.read("batch", target_.batch, 1, kMostBatch);
    operations(top);
    keys(top);
    unknown(top);
    read_service(top, target_);
    section(top, "limits", ServicePart::target_limits, [this](ServiceWords& words) {
      words.read("rejected_at_most", target_.rejected_at_most, 0);
      read_times(words, target_.times);
    });
    if (diagnostics_.empty()) out_.target = std::move(target_);
  }

 private:
  /// Secrets go to one server.
  void check_server(ServiceWords& words, std::string_view word, const std::string& url) {
    if (!url.empty() && !target_.url.empty() && server_of(url) != server_of(target_.url))
      words.wrong(word, {PhraseCode::target_other_server, {server_of(target_.url)}});
  }

  void operations(ServiceWords& top) {
    if (!top.has("operations")) {
      set(PushKind::insert, {"POST", target_.url, true});
      check_batch(top, "url", target_.url);
      return;
    }
    section(top, "operations", ServicePart::operations, [this](ServiceWords& words) {
      if (words.map().entries.empty())
        report_kind(words.map(), "operations", PhraseCode::target_operations, diagnostics_);
      for (std::size_t i = 0; i < kPushOperations.size(); ++i)
        section(words, kPushOperations[i], ServicePart::operation,
                [this, i](ServiceWords& in) { operation(in, static_cast<PushKind>(i)); });
    });
  }
  void set(PushKind kind, PushOperation operation) {
    target_.operations[static_cast<std::size_t>(kind)] = std::move(operation);
  }

  void operation(ServiceWords& words, PushKind kind) {
    PushOperation operation;
    need(words, "method", operation.method);
    operation.url = target_.url;
    if (words.read("url", operation.url)) {
      check_places(words, "url", operation.url, kKey);
      check_server(words, "url", operation.url);
      check_batch(words, "url", operation.url);
    }
    operation.has_body = operation.method != "DELETE";
    std::string body;
    if (words.read("body", body)) operation.has_body = body == "row";
    if (target_.batch > 1 && !operation.has_body && !operation.method.empty())
      words.error(DiagnosticCode::words_together, words.map().span,
                  {"batch", words.has("body") ? "body: none" : "method: DELETE",
                   PhraseCode::target_batch_body});
    set(kind, std::move(operation));
  }
  void check_batch(ServiceWords& words, std::string_view word, const std::string& url) const {
    if (target_.batch > 1 && url.find(kKey) != std::string::npos)
      words.wrong(word, {PhraseCode::target_batch_key, {kKey}});
  }

  void keys(ServiceWords& top) {
    top.read("key_header", target_.key_header);
    if (top.read("key_lives", target_.key_lives, 1'000) && !top.has("key_header"))
      top.error(DiagnosticCode::needs_word, top.key_span("key_lives"), {"key_lives", "key_header"});
    for (const HttpHeader& header : target_.headers)
      if (!target_.key_header.empty() && small(header.name) == small(target_.key_header))
        top.error(DiagnosticCode::words_together, top.key_span("key_header"),
                  {"key_header", header.name, PhraseCode::target_key_header_twice});
  }

  void unknown(ServiceWords& top) {
    const YamlNode* const node = top.map().find("on_unknown");
    if (node == nullptr) return;
    if (!node->is_map()) {
      std::string ignored;
      top.read("on_unknown", ignored);
      return;
    }
    below(*node, "on_unknown", ServicePart::on_unknown, [this](ServiceWords& words) {
      need(words, "lookup", target_.lookup);
      if (target_.lookup.empty()) return;
      check_places(words, "lookup", target_.lookup, kKey);
      check_server(words, "lookup", target_.lookup);
      if (target_.lookup.find(kKey) == std::string::npos)
        words.wrong("lookup", {PhraseCode::target_lookup_key, {kKey}});
    });
    const auto posts = [](const std::optional<PushOperation>& one) {
      return one && !one->is_idempotent();
    };
    if (std::none_of(target_.operations.begin(), target_.operations.end(), posts))
      top.error(
          DiagnosticCode::word_no_effect, top.key_span("on_unknown"),
          {"on_unknown", Phrase(PhraseCode::target_no_post), Phrase(PhraseCode::target_take_out)});
    else if (target_.batch > 1)
      top.error(DiagnosticCode::words_together, top.key_span("on_unknown"),
                {"on_unknown", "batch", PhraseCode::target_batch_lookup});
  }

  TargetFile& out_;
  PushTarget target_;
};

}  // namespace

TargetFile read_target_file(const std::string& path, const std::string& root) {
  TargetFile out;
  YamlNode tree;
  if (read_service_tree(path, out.files, out.diagnostics, tree)) Reader(out, path, root).read(tree);
  return out;
}

}  // namespace trama
