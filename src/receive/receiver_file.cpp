#include "receive/receiver_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"
#include "engine/scheme_file.h"
#include "mapping/fields.h"
#include "mapping/words.h"
#include "mapping/yaml_tree.h"
#include "service/service_file.h"

namespace trama {
namespace {

constexpr std::int64_t kUsualWindow = 300;
/// Escaped, its characters take twice as many bytes at most where it is JSON, and its event is to be
/// a record of 16 MiB at most.
constexpr std::uint64_t kMaxBody = std::uint64_t{7} << 20U;

/// Their ids are in memory until the file is in new/.
constexpr std::uint64_t kMaxFileEvents = 1'000'000;

class Reader : ServiceReader {
 public:
  Reader(ReceiverFile& out, const std::string& path)
      : ServiceReader(out.diagnostics, path, ""), out_(out) {}

  void read(const YamlNode& map) {
    if (!map.is_map()) {
      report_kind(map, PhraseCode::a_receiver, PhraseCode::receiver_map, diagnostics_);
      return;
    }
    ServiceWords top(map, ServicePart::receiver, diagnostics_, PhraseCode::a_receiver);
    for (const std::string_view word : {"receiver", "version", "scheme", "secrets"}) top.need(word);
    std::string name;
    std::string ignored;
    top.read("receiver", name);
    top.read("version", ignored);
    top.read("about", ignored);
    std::optional<Scheme> scheme = read_scheme_of(top);
    if (const YamlNode* const node = map.find("secrets")) secrets(*node);
    if (const YamlNode* const node = map.find("event_id"))
      id_ = read_event_id(*node, diagnostics_);
    else if (scheme)
      id_ = id_place_of(*scheme);
    const std::optional<std::int64_t> window = read_window(top, scheme);
    std::string path = "/";
    if (top.read("path", path) && !is_path(path)) top.wrong("path", PhraseCode::receiver_path);
    std::int64_t remember = Receiver::kUsualRemember;
    if (top.read("remember", remember, 1'000)) check_remember(top, scheme, window, remember);
    section(top, "files", ServicePart::receiver_files,
            [this](ServiceWords& words) { files(words); });
    section(top, "limits", ServicePart::receiver_limits,
            [this](ServiceWords& words) { limits(words); });
    if (!diagnostics_.empty() || !scheme) return;
    out_.receiver = Receiver{.name = std::move(name),
                             .scheme = std::move(*scheme),
                             .secrets = std::move(secrets_),
                             .window = window,
                             .id = std::move(id_),
                             .path = std::move(path),
                             .remember = remember,
                             .files = files_,
                             .limits = limits_};
  }

 private:
  std::optional<Scheme> read_scheme_of(ServiceWords& top) {
    const YamlNode* const node = top.map().find("scheme");
    if (node == nullptr) return std::nullopt;
    if (node->is_map()) return read_scheme_map(*node, "scheme", diagnostics_);
    if (node->is_list() || node->is_nothing()) {
      report_kind(*node, "scheme", PhraseCode::receiver_scheme, diagnostics_);
      return std::nullopt;
    }
    std::string name;
    if (!top.read("scheme", name)) return std::nullopt;
    for (const SchemeText& known : known_schemes())
      if (known.name == name) return Scheme(known);
    return std::nullopt;
  }

  void secrets(const YamlNode& list) {
    if (!list.is_list() || list.items.empty()) {
      report_kind(list, "secrets", PhraseCode::receiver_secrets, diagnostics_);
      return;
    }
    for (const YamlNode& item : list.items)
      below(item, "secrets", ServicePart::receiver_secret, [this](ServiceWords& words) {
        ReceiverSecret secret;
        std::int64_t day = 0;
        need(words, "env", secret.variable);
        if (words.read_day("not_after", day)) secret.not_after = day;
        const auto same = [&](const ReceiverSecret& one) {
          return one.variable == secret.variable;
        };
        if (!secret.variable.empty() && std::any_of(secrets_.begin(), secrets_.end(), same))
          words.wrong("env", {PhraseCode::receiver_secret_twice, {secret.variable}});
        secrets_.push_back(std::move(secret));
      });
  }

  /// In seconds.
  static std::optional<std::int64_t> read_window(ServiceWords& top,
                                                 const std::optional<Scheme>& scheme) {
    const YamlNode* const node = top.map().find("window");
    if (scheme && !scheme->signs_time()) {
      if (node != nullptr)
        top.error(DiagnosticCode::word_no_effect, top.key_span("window"),
                  {"window", Phrase(PhraseCode::receiver_no_time_signed, {scheme->name()}),
                   PhraseCode::receiver_window_out});
      return std::nullopt;
    }
    if (node != nullptr && node->is_scalar() && node->text == "none") return std::nullopt;
    std::int64_t window = kUsualWindow * 1'000;
    if (top.read("window", window, 1'000)) check_seconds(top, "window", window);
    return window / 1'000;
  }
  static void check_seconds(ServiceWords& words, std::string_view word, std::int64_t milliseconds) {
    if (milliseconds % 1'000 != 0) words.wrong(word, PhraseCode::receiver_whole_seconds);
  }

  /// What is sent again within the window must be known still.
  void check_remember(ServiceWords& top, const std::optional<Scheme>& scheme,
                      std::optional<std::int64_t> window, std::int64_t remember) const {
    if (scheme && !id_.is_stated() && !top.has("event_id"))
      top.error(DiagnosticCode::word_no_effect, top.key_span("remember"),
                {"remember", PhraseCode::receiver_no_ids, PhraseCode::receiver_where_ids});
    else if (window && remember < *window * 2'000)
      top.wrong("remember", {PhraseCode::receiver_remember, {std::to_string(*window * 2) + "s"}});
  }

  static bool is_path(std::string_view path) {
    const auto fits = [](char c) {
      return c > ' ' && c < '\x7F' && c != '%' && c != '?' && c != '#' && c != '+';
    };
    return path.starts_with('/') && path != "/healthz" && path != "/metrics" &&
           std::all_of(path.begin(), path.end(), fits);
  }

  void files(ServiceWords& words) {
    words.read("every", files_.every, 100);
    words.read("events_at_most", files_.events, 1, kMaxFileEvents);
    words.read("bytes_at_most", files_.bytes, 1);
  }

  void limits(ServiceWords& words) {
    words.read("bytes_at_most", limits_.body_bytes, 1);
    if (limits_.body_bytes > kMaxBody)
      words.wrong("bytes_at_most", {PhraseCode::receiver_body_most, {"7M"}});
    words.read("per_second", limits_.per_second, 1, 1'000'000);
    words.read("connections", limits_.connections, 1, 10'000);
    if (words.read("idle", limits_.idle, 1'000)) check_seconds(words, "idle", limits_.idle);
  }

  ReceiverFile& out_;
  std::vector<ReceiverSecret> secrets_;
  EventIdPlace id_;
  EventFileLimits files_;
  ReceiverLimits limits_;
};

}  // namespace

ReceiverFile read_receiver_file(const std::string& path) {
  ReceiverFile out;
  YamlNode tree;
  if (read_service_tree(path, out.files, out.diagnostics, tree)) Reader(out, path).read(tree);
  return out;
}

}  // namespace trama
