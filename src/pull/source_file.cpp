#include "pull/source_file.h"

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/sha256.h"
#include "engine/load.h"
#include "json/json_text.h"
#include "mapping/fields.h"
#include "mapping/paths.h"
#include "mapping/source_text.h"
#include "mapping/words.h"
#include "mapping/yaml_tree.h"
#include "service/service_file.h"
#include "value/dates.h"

namespace trama {
namespace {

/// A tree as bytes that another tree does not have.
void append_tree(std::string& out, const YamlNode& node) {
  const auto add = [&out](std::string_view text) {
    out += std::to_string(text.size()) + ':';
    out += text;
  };
  out += static_cast<char>('0' + static_cast<int>(node.kind));
  out += node.quoted ? '"' : ' ';  // "7" is a text, 7 a number
  add(node.text);
  out += std::to_string(node.items.size() + node.entries.size());
  for (const YamlNode& item : node.items) append_tree(out, item);
  for (const YamlEntry& entry : node.entries) {
    add(entry.key.text);
    append_tree(out, entry.value);
  }
}

class Reader : ServiceReader {
 public:
  Reader(SourceFile& out, const std::string& path, const std::string& root)
      : ServiceReader(out.diagnostics, path, root), out_(out) {}

  void read(const YamlNode& map) {
    if (!map.is_map()) {
      report_kind(map, PhraseCode::a_source, PhraseCode::source_map, out_.diagnostics);
      return;
    }
    ServiceWords top(map, ServicePart::top, out_.diagnostics, PhraseCode::a_source);
    top_ = &top;
    for (const std::string_view word : {"source", "version", "request"}) top.need(word);
    top.read("source", source_.name);
    std::string ignored;
    top.read("version", ignored);
    top.read("about", ignored);
    section(top, "request", ServicePart::request, [this](ServiceWords& words) { request(words); });
    read_service(top, source_);
    section(top, "pages", ServicePart::pages, [this](ServiceWords& words) { pages(words); });
    section(top, "since", ServicePart::since, [this](ServiceWords& words) { since(words); });
    section(top, "limits", ServicePart::limits, [this](ServiceWords& words) { limits(words); });
    section(top, "graphql", ServicePart::graphql, [this](ServiceWords& words) { graphql(words); });
    section(top, "versions", ServicePart::versions, [this](ServiceWords& words) {
      const bool header = words.need("header");
      const bool expect = words.need("expect");
      if (header && words.read("header", source_.version_header))
        source_.version_header = small(source_.version_header);
      if (expect) words.read("expect", source_.version);
    });
    check_since();
    if (top.has("pages") && top.has("graphql"))
      top.error(DiagnosticCode::words_together, top.key_span("pages"),
                {"pages", "graphql", PhraseCode::source_graphql_pages});
    if (!out_.diagnostics.empty()) return;
    // What is asked for; not how long it may take: a pull is gone on with once a limit is raised.
    for (const YamlEntry& entry : map.entries)
      if (!is_listed("about, retry, rate, breaker, limits", entry.key.text)) {
        append_tree(digest_, entry.key);
        append_tree(digest_, entry.value);
      }
    source_.sha256 = sha256(digest_);
    out_.source = std::move(source_);
  }

 private:
  void request(ServiceWords& words) {
    if (words.need("url") && words.read("url", source_.url))
      check_places(words, "url", source_.url, kSince);
    if (words.read("query", source_.query)) {
      for (const YamlEntry& entry : words.map().find("query")->entries)
        check_places(words, entry, kSince);
    }
    read_request(words, source_);
  }

  void pages(ServiceWords& words) {
    Paging& paging = source_.pages;
    constexpr std::pair<std::string_view, Paging::Kind> kKinds[] = {
        {"next", Paging::Kind::link_header},
        {"path", Paging::Kind::url},
        {"cursor", Paging::Kind::cursor},
        {"page", Paging::Kind::page},
        {"offset", Paging::Kind::offset}};
    std::string_view kind;
    for (const auto& [word, means] : kKinds) {
      if (!words.has(word)) continue;
      if (!kind.empty()) words.not_both(kind, word, PhraseCode::source_pages_one);
      if (!kind.empty()) continue;
      kind = word;
      paging.kind = means;
    }
    if (kind.empty()) {
      report_kind(words.map(), "pages", PhraseCode::source_pages_map, out_.diagnostics);
      return;
    }
    const auto only_for = [&](std::string_view word, bool fits, std::string_view others) {
      if (words.has(word) && !fits)
        words.error(DiagnosticCode::word_no_effect, words.key_span(word),
                    {word, Phrase(PhraseCode::source_without, {others}),
                     Phrase(PhraseCode::source_take_out)});
    };
    using enum Paging::Kind;
    only_for("param", paging.kind == cursor, "cursor");
    only_for("from", paging.kind == page, "page");
    only_for("size", paging.kind == offset, "offset");
    only_for("until_empty", paging.kind == page || paging.kind == offset, "page, offset");
    std::string ignored;
    if (paging.kind == link_header) words.read("next", ignored);
    if (paging.kind == url) read_plain(words, "path", paging.path);
    if (paging.kind == cursor) {
      read_plain(words, "cursor", paging.path);
      need(words, "param", paging.param);
    }
    if (paging.kind == page) {
      words.read("page", paging.param);
      words.read("from", paging.first, 0);
    }
    if (paging.kind == offset) {
      words.read("offset", paging.param);
      if (words.need("size")) words.read("size", paging.size, 1);
    }
    if (words.has("until_empty")) read_plain(words, "until_empty", paging.path);
  }

  void since(ServiceWords& words) {
    SinceRule rule;
    if (words.need("path")) words.read("path", rule.path);
    words.read("overlap", rule.overlap, 0);
    std::string first;
    if (words.read("first", first)) {
      std::int64_t seconds = 0;
      read_instant(first, seconds);
      rule.first = seconds;
    }
    std::string as;
    if (words.read("as", as))
      rule.as = as == "date"      ? SinceRule::As::date
                : as == "seconds" ? SinceRule::As::seconds
                                  : SinceRule::As::iso;
    source_.since = rule;
  }

  void limits(ServiceWords& words) {
    PullLimits& limits = source_.limits;
    words.read("pages_at_most", limits.pages, 1);
    words.read("bytes_at_most", limits.bytes, 1);
    words.read("page_at_most", limits.page_bytes, 1);
    constexpr std::uint64_t kMostPage = std::uint64_t{1} << 30U;
    if (limits.page_bytes > kMostPage)
      words.wrong("page_at_most", {PhraseCode::source_page_at_most, {"1G"}});
    words.read("min_interval", limits.min_interval, 0);
    read_times(words, source_.times);
  }

  void graphql(ServiceWords& words) {
    GraphqlRule rule;
    std::string file;
    std::string path;
    if (words.need("query") && words.read("query", file) &&
        read_file(words, "query", file, path, rule.query))
      digest_ += std::to_string(rule.query.size()) + ':' + rule.query;
    if (const YamlNode* const node = words.map().find("variables"))
      if (expect_map(*node, "variables", out_.diagnostics))
        for (const YamlEntry& entry : node->entries) variable(words, entry, rule);
    if (words.has("cursor")) {
      Path cursor;
      read_plain(words, "cursor", cursor);
      rule.cursor = cursor;
    }
    words.read("cursor_variable", rule.cursor_variable);
    if (words.has("cursor_variable") && !words.has("cursor"))
      words.error(DiagnosticCode::needs_word, words.key_span("cursor_variable"),
                  {"cursor_variable", "cursor"});
    source_.graphql = std::move(rule);
  }

  /// What is not in quotes and is a JSON number, true, false or null is that; all else a text.
  void variable(ServiceWords& words, const YamlEntry& entry, GraphqlRule& rule) {
    const YamlNode& node = entry.value;
    if (!node.is_scalar() || node.is_nothing()) {
      report_kind(node, shown_value(entry.key.text), PhraseCode::a_text, out_.diagnostics,
                  node.is_nothing() ? Phrase(PhraseCode::for_an_empty_text) : Phrase());
      return;
    }
    const std::size_t problems = diagnostics_.size();
    check_places(words, entry, kSince);
    if (diagnostics_.size() > problems) return;
    const bool plain = !node.quoted && (node.text == "true" || node.text == "false" ||
                                        node.text == "null" || is_json_number(node.text));
    rule.variables.push_back({entry.key.text, node.text, !plain});
  }

  /// RFC 8259 §6, without exponents.
  static bool is_json_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::string_view whole = text.substr(0, text.find('.'));
    if (!is_number(whole) || (whole.size() > 1 && whole.front() == '0')) return false;
    return whole.size() == text.size() || is_number(text.substr(whole.size() + 1));
  }

  void check_since() {
    const auto has = [](const std::string& text) { return text.find(kSince) != std::string::npos; };
    bool used = has(source_.url);
    for (const auto& one : source_.query) used = used || has(one.second);
    if (source_.graphql)
      for (const GraphqlRule::Variable& one : source_.graphql->variables)
        used = used || has(one.value);
    const YamlNode* const node = top_->map().find("since");
    if (used && node == nullptr)
      out_.diagnostics.push_back(
          {DiagnosticCode::key_missing,
           top_->map().span,
           {PhraseCode::a_source, "since", Phrase(PhraseCode::source_since_used, {kSince})}});
    if (!used && node != nullptr)
      out_.diagnostics.push_back({DiagnosticCode::word_no_effect,
                                  top_->key_span("since"),
                                  {"since", Phrase(PhraseCode::source_since_unused, {kSince}),
                                   Phrase(PhraseCode::source_since_put, {kSince})}});
    if (has(source_.url) && source_.since && !source_.since->first)
      out_.diagnostics.push_back(
          {DiagnosticCode::key_missing,
           node->span,
           {"'since'", "first", Phrase(PhraseCode::source_since_first, {kSince})}});
  }

  SourceFile& out_;
  ServiceWords* top_ = nullptr;
  PullSource source_;
  std::string digest_;
};

}  // namespace

SourceFile read_source_file(const std::string& path, const std::string& root) {
  SourceFile out;
  YamlNode tree;
  if (read_service_tree(path, out.files, out.diagnostics, tree)) Reader(out, path, root).read(tree);
  return out;
}

}  // namespace trama
