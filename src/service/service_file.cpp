#include "service/service_file.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "engine/load.h"
#include "http/client.h"
#include "mapping/fields.h"
#include "mapping/paths.h"
#include "mapping/source_text.h"
#include "mapping/words.h"

namespace trama {
namespace {

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

Phrase place_help(const std::string& strange, std::string_view places) {
  if (places.empty()) return {PhraseCode::source_no_place, {strange}};
  return {PhraseCode::source_strange_place, {strange, places}};
}

}  // namespace

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = small_letter(c);
  return out;
}

bool read_service_tree(const std::string& path, Files& files, Diagnostics& diagnostics,
                       YamlNode& tree) {
  std::string content;
  Phrase why_not;
  if (!disk_reader(path)->read(path, content, why_not)) {
    files.files.push_back({path, {}});
    diagnostics.push_back(
        {DiagnosticCode::file_unreadable, Span(), {path, std::move(why_not), Phrase()}});
    return false;
  }
  files.files.push_back({path, without_mark_and_cr(content)});
  const std::string& text = files.files.front().text;
  return SourceText(text, 0).check(diagnostics) && read_yaml(text, 0, tree, diagnostics);
}

bool ServiceReader::is_map(const YamlNode& node, std::string_view word) {
  return expect_map(node, word, diagnostics_);
}

void ServiceReader::read_plain(ServiceWords& words, std::string_view word, Path& out) {
  if (words.read(word, out) && out.many()) words.wrong(word, PhraseCode::source_path_one);
}

bool ServiceReader::read_file(ServiceWords& words, std::string_view word,
                              const std::string& written, std::string& path, std::string& content) {
  Phrase problem;
  if (resolve(path_, written, root_, path, problem) && disk_reader()->read(path, content, problem))
    return true;
  words.error(DiagnosticCode::file_unreadable, words.map().find(word)->span,
              {shown_value(written), std::move(problem), Phrase()});
  return false;
}

void ServiceReader::headers_of(ServiceWords& words, std::string_view word,
                               std::vector<std::pair<std::string, std::string>>& out,
                               std::string_view places) {
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
      words.error(DiagnosticCode::value_wrong, entry.value.span,
                  {shown_value(entry.value.text), shown_value(name), place_help(strange, places)});
  }
}

void ServiceReader::check_places(ServiceWords& words, std::string_view word, std::string_view text,
                                 std::string_view places) {
  if (std::string strange = strange_place(text, places); !strange.empty())
    words.wrong(word, place_help(strange, places));
}

void ServiceReader::check_places(ServiceWords& words, const YamlEntry& entry,
                                 std::string_view places) {
  if (std::string strange = strange_place(entry.value.text, places); !strange.empty())
    words.error(
        DiagnosticCode::value_wrong, entry.value.span,
        {shown_value(entry.value.text), shown_value(entry.key.text), place_help(strange, places)});
}

void ServiceReader::read_request(ServiceWords& words, Service& service) {
  std::vector<std::pair<std::string, std::string>> headers;
  headers_of(words, "headers", headers, "");
  for (auto& [name, value] : headers) service.headers.push_back({name, value});
  std::string file;
  if (words.read("ca_file", file)) {
    std::string content;
    read_file(words, "ca_file", file, service.ca_file, content);
  }
  if (words.read("proxy", service.proxy)) {
    const std::string_view proxy = service.proxy;
    if (!proxy.starts_with("http://") || proxy.size() == 7 ||
        proxy.find_first_of("/@?# ", 7) != std::string_view::npos)
      words.wrong("proxy", PhraseCode::source_write_proxy);
  }
}

void ServiceReader::read_service(ServiceWords& top, Service& service) {
  section(top, "auth", ServicePart::auth,
          [&](ServiceWords& words) { authorization(words, service.authorization); });
  section(top, "retry", ServicePart::retry,
          [&](ServiceWords& words) { retry(words, service.retry); });
  section(top, "rate", ServicePart::rate, [&](ServiceWords& words) { rate(words, service.rate); });
  section(top, "breaker", ServicePart::breaker, [&](ServiceWords& words) {
    BreakerRule rule;
    words.read("failures", rule.failures, 1, 1000);
    words.read("within", rule.within, 1);
    words.read("open_for", rule.open_for, 1);
    service.breaker = rule;
  });
}

void ServiceReader::read_times(ServiceWords& words, RequestTimes& times) {
  words.read("connect", times.connect, 1);
  words.read("silence", times.silence, 1'000);
  words.read("request", times.request, 1);
}

void ServiceReader::authorization(ServiceWords& words, Authorization& auth) {
  if (words.map().entries.size() != 1) {
    report_kind(words.map(), "auth", PhraseCode::source_auth_one, diagnostics_);
    return;
  }
  const YamlEntry& one = words.map().entries.front();
  const std::string& kind = one.key.text;
  using enum Authorization::Kind;
  if (kind == "bearer") {
    auth.kind = bearer;
    below(one.value, kind, ServicePart::bearer,
          [&](ServiceWords& in) { need(in, "secret_env", auth.secret_env); });
  } else if (kind == "basic") {
    auth.kind = basic;
    below(one.value, kind, ServicePart::basic, [&](ServiceWords& in) {
      need(in, "user", auth.user);
      need(in, "secret_env", auth.secret_env);
      if (auth.user.find(':') != std::string::npos)  // RFC 7617 §2
        in.wrong("user", PhraseCode::source_user_colon);
    });
  } else if (kind == "header") {
    auth.kind = header;
    below(one.value, kind, ServicePart::header, [&](ServiceWords& in) {
      need(in, "name", auth.name);
      need(in, "secret_env", auth.secret_env);
    });
  } else if (kind == "query") {
    auth.kind = query;
    below(one.value, kind, ServicePart::param, [&](ServiceWords& in) {
      need(in, "name", auth.name);
      need(in, "secret_env", auth.secret_env);
    });
  } else if (kind == "oauth2_client_credentials") {
    auth.kind = oauth2;
    below(one.value, kind, ServicePart::oauth2, [&](ServiceWords& in) {
      need(in, "token_url", auth.token_url);
      need(in, "client_id", auth.user);
      need(in, "secret_env", auth.secret_env);
      in.read("scope", auth.scope);
      if (!auth.token_url.empty()) check_places(in, "token_url", auth.token_url, "");
    });
  } else if (kind == "signed") {
    auth.kind = signature;
    below(one.value, kind, ServicePart::signature,
          [&](ServiceWords& in) { signature_of(in, auth); });
  }
}
void ServiceReader::signature_of(ServiceWords& words, Authorization& auth) {
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
  if (!expect_map(*words.map().find("headers"), "headers", diagnostics_)) return;
  headers_of(words, "headers", auth.headers, key + "{time}, {signature}");
  const auto has_it = [](const auto& one) {
    return one.second.find("{signature}") != std::string::npos;
  };
  if (std::none_of(auth.headers.begin(), auth.headers.end(), has_it))
    report_kind(*words.map().find("headers"), "headers", PhraseCode::source_signature_header,
                diagnostics_, {PhraseCode::source_signature_put, {"{signature}"}});
}

void ServiceReader::retry(ServiceWords& words, RetryPolicy& retry) {
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

void ServiceReader::rate(ServiceWords& words, RateRule& rate) {
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

}  // namespace trama
