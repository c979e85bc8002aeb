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
#include "pull/source_words.h"
#include "value/dates.h"

namespace trama {
namespace {

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = small_letter(c);
  return out;
}

/// The first {place} of `text` that is none of `known` ("{key}, {time}"); empty: there is none.
std::string strange_place(std::string_view text, std::string_view known) {
  for (std::size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    const std::string_view place =
        text.substr(open, close == std::string_view::npos ? close : close - open + 1);
    if (!is_listed(known, place)) return std::string(place);
  }
  return {};
}

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

class Reader {
 public:
  Reader(SourceFile& out, std::string path, std::string root)
      : out_(out), path_(std::move(path)), root_(std::move(root)) {}

  void read(const YamlNode& map) {
    if (!map.is_map()) {
      report_kind(map, PhraseCode::a_source, PhraseCode::source_map, out_.diagnostics);
      return;
    }
    SourceWords top(map, SourcePart::top, out_.diagnostics, PhraseCode::a_source);
    top_ = &top;
    for (const std::string_view word : {"source", "version", "request"}) top.need(word);
    top.read("source", source_.name);
    std::string ignored;
    top.read("version", ignored);
    top.read("about", ignored);
    section("request", SourcePart::request, [this](SourceWords& words) { request(words); });
    section("auth", SourcePart::auth, [this](SourceWords& words) { authorization(words); });
    section("pages", SourcePart::pages, [this](SourceWords& words) { pages(words); });
    section("since", SourcePart::since, [this](SourceWords& words) { since(words); });
    section("retry", SourcePart::retry, [this](SourceWords& words) { retry(words); });
    section("rate", SourcePart::rate, [this](SourceWords& words) { rate(words); });
    section("breaker", SourcePart::breaker, [this](SourceWords& words) { breaker(words); });
    section("limits", SourcePart::limits, [this](SourceWords& words) { limits(words); });
    section("graphql", SourcePart::graphql, [this](SourceWords& words) { graphql(words); });
    section("versions", SourcePart::versions, [this](SourceWords& words) {
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
  template <typename Read>
  void section(std::string_view word, SourcePart part, Read read) {
    const YamlNode* const node = top_->map().find(word);
    if (node == nullptr) return;
    below(*node, word, part, read);
  }
  template <typename Read>
  void below(const YamlNode& node, std::string_view word, SourcePart part, Read read) {
    if (!expect_map(node, word, out_.diagnostics)) return;
    SourceWords words(node, part, out_.diagnostics, Phrase("'" + std::string(word) + "'"));
    read(words);
  }

  void headers_of(SourceWords& words, std::string_view word,
                  std::vector<std::pair<std::string, std::string>>& out, std::string_view places) {
    if (!words.read(word, out)) return;
    const YamlNode& node = *words.map().find(word);
    for (const YamlEntry& entry : node.entries) {
      const std::string& name = entry.key.text;
      const std::string own = small(name);
      if (!is_header_name(name))
        words.error(DiagnosticCode::value_wrong, entry.key.span,
                    {shown_value(name), word, PhraseCode::source_write_header});
      else if (is_listed(
                   "host, content-length, transfer-encoding, connection, expect, accept-encoding",
                   own))
        words.error(DiagnosticCode::value_wrong, entry.key.span,
                    {name, word, PhraseCode::source_header_ours});
      else if (places.empty() && is_listed("authorization, proxy-authorization, cookie", own))
        words.error(DiagnosticCode::value_wrong, entry.key.span,
                    {name, word, PhraseCode::source_header_secret});
      if (std::string strange = strange_place(entry.value.text, places); !strange.empty())
        words.error(
            DiagnosticCode::value_wrong, entry.value.span,
            {shown_value(entry.value.text), shown_value(name), place_help(strange, places)});
    }
  }

  static Phrase place_help(const std::string& strange, std::string_view places) {
    if (places.empty()) return {PhraseCode::source_no_place, {strange}};
    return {PhraseCode::source_strange_place, {strange, places}};
  }

  /// Refuses places of `word` but those that are known there.
  void check_places(SourceWords& words, std::string_view word, std::string_view text,
                    std::string_view places) {
    if (std::string strange = strange_place(text, places); !strange.empty())
      words.wrong(word, place_help(strange, places));
  }

  void request(SourceWords& words) {
    if (words.need("url") && words.read("url", source_.url))
      check_places(words, "url", source_.url, kSince);
    if (words.read("query", source_.query)) {
      for (const YamlEntry& entry : words.map().find("query")->entries)
        if (std::string strange = strange_place(entry.value.text, kSince); !strange.empty())
          words.error(DiagnosticCode::value_wrong, entry.value.span,
                      {shown_value(entry.value.text), shown_value(entry.key.text),
                       place_help(strange, kSince)});
    }
    std::vector<std::pair<std::string, std::string>> headers;
    headers_of(words, "headers", headers, "");
    for (auto& [name, value] : headers) source_.headers.push_back({name, value});
    std::string file;
    if (words.read("ca_file", file)) {
      std::string content;
      read_file(words, "ca_file", file, source_.ca_file, content);
    }
    if (words.read("proxy", source_.proxy)) {
      const std::string_view proxy = source_.proxy;
      if (!proxy.starts_with("http://") || proxy.size() == 7 ||
          proxy.find_first_of("/@?# ", 7) != std::string_view::npos)
        words.wrong("proxy", PhraseCode::source_write_proxy);
    }
  }

  /// A file beside the source, `path`, and what is in it.
  bool read_file(SourceWords& words, std::string_view word, const std::string& written,
                 std::string& path, std::string& content) {
    Phrase problem;
    if (resolve(path_, written, root_, path, problem) &&
        disk_reader()->read(path, content, problem))
      return true;
    words.error(DiagnosticCode::file_unreadable, words.map().find(word)->span,
                {shown_value(written), std::move(problem), Phrase()});
    return false;
  }

  void authorization(SourceWords& words) {
    Authorization& auth = source_.authorization;
    if (words.map().entries.size() != 1) {
      report_kind(words.map(), "auth", PhraseCode::source_auth_one, out_.diagnostics);
      return;
    }
    const YamlEntry& one = words.map().entries.front();
    const std::string& kind = one.key.text;
    using enum Authorization::Kind;
    if (kind == "bearer") {
      auth.kind = bearer;
      below(one.value, kind, SourcePart::bearer,
            [&](SourceWords& in) { need(in, "secret_env", auth.secret_env); });
    } else if (kind == "basic") {
      auth.kind = basic;
      below(one.value, kind, SourcePart::basic, [&](SourceWords& in) {
        need(in, "user", auth.user);
        need(in, "secret_env", auth.secret_env);
        if (auth.user.find(':') != std::string::npos)  // RFC 7617 §2
          in.wrong("user", PhraseCode::source_user_colon);
      });
    } else if (kind == "header") {
      auth.kind = header;
      below(one.value, kind, SourcePart::header, [&](SourceWords& in) {
        need(in, "name", auth.name);
        need(in, "secret_env", auth.secret_env);
      });
    } else if (kind == "query") {
      auth.kind = query;
      below(one.value, kind, SourcePart::param, [&](SourceWords& in) {
        need(in, "name", auth.name);
        need(in, "secret_env", auth.secret_env);
      });
    } else if (kind == "oauth2_client_credentials") {
      auth.kind = oauth2;
      below(one.value, kind, SourcePart::oauth2, [&](SourceWords& in) {
        need(in, "token_url", auth.token_url);
        need(in, "client_id", auth.user);
        need(in, "secret_env", auth.secret_env);
        in.read("scope", auth.scope);
        if (!auth.token_url.empty()) check_places(in, "token_url", auth.token_url, "");
      });
    } else if (kind == "signed") {
      auth.kind = signature;
      below(one.value, kind, SourcePart::signature, [&](SourceWords& in) { signature_of(in); });
    }
  }
  static void need(SourceWords& words, std::string_view word, std::string& out) {
    if (words.need(word)) words.read(word, out);
  }

  void signature_of(SourceWords& words) {
    Authorization& auth = source_.authorization;
    std::string how;
    need(words, "how", how);
    auth.hmac = how == "hmac-sha256";
    need(words, "secret_env", auth.secret_env);
    words.read("key_env", auth.key_env);
    const std::string key = auth.key_env.empty() ? "" : "{key}, ";
    need(words, "over", auth.over);
    if (!auth.over.empty())
      check_places(
          words, "over", auth.over,
          key + (auth.hmac ? "{time}, {method}, {path}" : "{secret}, {time}, {method}, {path}"));
    if (!auth.hmac && !auth.over.empty() && auth.over.find("{secret}") == std::string::npos)
      words.wrong("over", {PhraseCode::source_over_secret, {"{secret}"}});
    if (!words.need("headers")) return;
    if (!expect_map(*words.map().find("headers"), "headers", out_.diagnostics)) return;
    headers_of(words, "headers", auth.headers, key + "{time}, {signature}");
    const auto has_it = [](const auto& one) {
      return one.second.find("{signature}") != std::string::npos;
    };
    if (std::none_of(auth.headers.begin(), auth.headers.end(), has_it))
      report_kind(*words.map().find("headers"), "headers", PhraseCode::source_signature_header,
                  out_.diagnostics, {PhraseCode::source_signature_put, {"{signature}"}});
  }

  void pages(SourceWords& words) {
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

  /// A path that leads to one value.
  static void read_plain(SourceWords& words, std::string_view word, Path& out) {
    if (words.read(word, out) && out.many()) words.wrong(word, PhraseCode::source_path_one);
  }

  void since(SourceWords& words) {
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

  void retry(SourceWords& words) {
    RetryPolicy& retry = source_.retry;
    words.read("attempts", retry.attempts, 1, 100);
    words.read("first_wait", retry.first_wait, 1);
    words.read("times", retry.times, 1, 100);
    words.read("at_most", retry.at_most, 1);
    words.read("jitter", retry.jitter, 0, 100);
    words.read("budget", retry.budget, 0);
    if (retry.at_most < retry.first_wait && words.has("at_most"))
      words.wrong("at_most", PhraseCode::source_at_most_first);
    retry.at_most = std::max(retry.at_most, retry.first_wait);
  }

  void rate(SourceWords& words) {
    RateRule& rate = source_.rate;
    words.read("per_second", rate.per_second, 1, 1'000'000);
    if (words.read("remaining", rate.remaining)) rate.remaining = small(rate.remaining);
    if (words.read("reset", rate.reset)) rate.reset = small(rate.reset);
    std::string is;
    if (words.read("reset_is", is)) rate.reset_is_epoch = is == "epoch";
    for (const auto& [word, other] :
         {std::pair("remaining", "reset"), std::pair("reset", "remaining"),
          std::pair("reset_is", "reset")})
      if (words.has(word) && !words.has(other))
        words.error(DiagnosticCode::needs_word, words.key_span(word), {word, other});
  }

  void breaker(SourceWords& words) {
    BreakerRule rule;
    words.read("failures", rule.failures, 1, 1000);
    words.read("within", rule.within, 1);
    words.read("open_for", rule.open_for, 1);
    source_.breaker = rule;
  }

  void limits(SourceWords& words) {
    PullLimits& limits = source_.limits;
    words.read("pages_at_most", limits.pages, 1);
    words.read("bytes_at_most", limits.bytes, 1);
    words.read("page_at_most", limits.page_bytes, 1);
    constexpr std::uint64_t kMostPage = std::uint64_t{1} << 30U;
    if (limits.page_bytes > kMostPage)
      words.wrong("page_at_most", {PhraseCode::source_page_at_most, {"1G"}});
    words.read("min_interval", limits.min_interval, 0);
    words.read("connect", limits.connect, 1);
    words.read("silence", limits.silence, 1'000);
    words.read("request", limits.request, 1);
  }

  void graphql(SourceWords& words) {
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
  void variable(SourceWords& words, const YamlEntry& entry, GraphqlRule& rule) {
    const YamlNode& node = entry.value;
    if (!node.is_scalar() || node.is_nothing()) {
      report_kind(node, shown_value(entry.key.text), PhraseCode::a_text, out_.diagnostics,
                  node.is_nothing() ? Phrase(PhraseCode::for_an_empty_text) : Phrase());
      return;
    }
    if (std::string strange = strange_place(node.text, kSince); !strange.empty()) {
      words.error(
          DiagnosticCode::value_wrong, node.span,
          {shown_value(node.text), shown_value(entry.key.text), place_help(strange, kSince)});
      return;
    }
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
  std::string path_;
  std::string root_;
  SourceWords* top_ = nullptr;
  PullSource source_;
  std::string digest_;
};

}  // namespace

SourceFile read_source_file(const std::string& path, const std::string& root) {
  SourceFile out;
  std::string content;
  Phrase why_not;
  if (!disk_reader(path)->read(path, content, why_not)) {
    out.files.files.push_back({path, {}});
    out.diagnostics.push_back(
        {DiagnosticCode::file_unreadable, Span(), {path, std::move(why_not), Phrase()}});
    return out;
  }
  out.files.files.push_back({path, without_mark_and_cr(content)});
  const std::string& text = out.files.files.front().text;
  YamlNode tree;
  if (SourceText(text, 0).check(out.diagnostics) && read_yaml(text, 0, tree, out.diagnostics))
    Reader(out, path, root).read(tree);
  return out;
}

}  // namespace trama
