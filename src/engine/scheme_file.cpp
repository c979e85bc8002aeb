#include "engine/scheme_file.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "engine/load.h"
#include "mapping/fields.h"
#include "mapping/source_text.h"
#include "mapping/words.h"
#include "mapping/yaml_tree.h"

namespace trama {
namespace {

constexpr std::string_view kKeys[] = {"header", "encoding",         "prefix",           "separator",
                                      "signed", "timestamp_header", "timestamp_prefix", "event_id",
                                      "secret", "secret_prefix"};
constexpr std::string_view kIdKeys[] = {"header", "body"};
constexpr std::string_view kTime = "{timestamp}";
constexpr std::string_view kId = "{id}";

class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  std::optional<Scheme> read(const YamlNode& map, const std::string& name) {
    const std::size_t before = diagnostics_.size();
    map_ = &map;
    if (!map.is_map()) {
      report_kind(map, PhraseCode::a_scheme, PhraseCode::scheme_map, diagnostics_);
      return std::nullopt;
    }
    known_keys(map, kKeys, PhraseCode::a_scheme);
    SchemeText scheme;
    scheme.name = name;
    scheme.signed_bytes = "{body}";
    for (const std::string_view key : {"header", "encoding"}) need(key);
    text("header", scheme.header);
    text("prefix", scheme.prefix);
    text("separator", scheme.separator);
    text("timestamp_header", scheme.timestamp_header);
    text("timestamp_prefix", scheme.timestamp_prefix);
    text("secret_prefix", scheme.secret_prefix);
    if (const YamlNode* one = word("encoding", "hex, base64"))
      scheme.encoding = one->text == "hex" ? SignatureEncoding::hex : SignatureEncoding::base64;
    if (const YamlNode* one = word("secret", "text, base64"))
      scheme.secret_is_base64 = one->text == "base64";
    EventIdPlace id;
    if (const YamlNode* node = find("event_id")) id = event_id(*node);
    scheme.id_header = id.header;
    scheme.id_field = id.field;
    check_signed(scheme);
    check_parts(scheme);
    if (diagnostics_.size() > before) return std::nullopt;
    return Scheme(scheme);
  }

  EventIdPlace event_id(const YamlNode& node) {
    EventIdPlace place;
    if (!node.is_map() || node.entries.size() != 1) {
      report_kind(node, "event_id", PhraseCode::scheme_event_id, diagnostics_);
      return place;
    }
    known_keys(node, kIdKeys, "'event_id'");
    if (const YamlNode* one = text_of(node.find("header"), "header")) place.header = one->text;
    const YamlNode* field = text_of(node.find("body"), "body");
    if (field == nullptr) return place;
    const std::string_view path = field->text;
    const bool plain = path.find_first_of("[]{}/* ") == std::string_view::npos &&
                       path.front() != '.' && path.back() != '.' &&
                       path.find("..") == std::string_view::npos;
    if (plain)
      place.field = path;
    else
      error(DiagnosticCode::value_wrong, field->span,
            {shown_value(path), "body", PhraseCode::scheme_field_plain});
    return place;
  }

 private:
  void error(DiagnosticCode code, Span span, std::vector<Phrase> values) {
    diagnostics_.push_back({code, span, std::move(values)});
  }
  [[nodiscard]] const YamlNode* find(std::string_view key) const { return map_->find(key); }
  [[nodiscard]] Span key_span(std::string_view key) const {
    for (const YamlEntry& entry : map_->entries)
      if (entry.key.text == key) return entry.key.span;
    return map_->span;
  }

  void known_keys(const YamlNode& map, std::span<const std::string_view> known,
                  const Phrase& owner) {
    for (const YamlEntry& entry : map.entries) {
      const std::string& key = entry.key.text;
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      error(DiagnosticCode::key_unknown, entry.key.span,
            {shown_value(key), owner, help_for_value(joined(known), key)});
    }
  }
  static std::string joined(std::span<const std::string_view> words) {
    std::string out;
    for (const std::string_view word : words) (out += out.empty() ? "" : ", ") += word;
    return out;
  }

  /// Unless it is there, misspelled, which is reported already.
  void need(std::string_view key) {
    if (find(key) != nullptr) return;
    for (const YamlEntry& entry : map_->entries)
      if (nearest(entry.key.text, kKeys) == key) return;
    error(DiagnosticCode::key_missing, map_->span, {PhraseCode::a_scheme, key, Phrase()});
  }

  /// A text that is not empty.
  const YamlNode* text_of(const YamlNode* node, std::string_view key) {
    if (node == nullptr) return nullptr;
    if (node->is_scalar() && !node->text.empty()) return node;
    if (node->is_scalar() && node->quoted) {
      error(DiagnosticCode::value_wrong, node->span, {"", key, PhraseCode::write_a_value});
      return nullptr;
    }
    report_kind(*node, key, PhraseCode::a_text, diagnostics_);
    return nullptr;
  }
  void text(std::string_view key, std::string_view& out) {
    if (const YamlNode* node = text_of(find(key), key)) out = node->text;
  }
  const YamlNode* word(std::string_view key, std::string_view values) {
    const YamlNode* node = text_of(find(key), key);
    if (node == nullptr || is_listed(values, node->text)) return node;
    error(DiagnosticCode::value_wrong, node->span,
          {shown_value(node->text), key, help_for_value(values, node->text)});
    return nullptr;
  }

  void check_signed(SchemeText& scheme) {
    const YamlNode* node = text_of(find("signed"), "signed");
    if (node != nullptr) scheme.signed_bytes = node->text;
    std::vector<Scheme::Part> parts;
    if (Phrase problem = Scheme::read_parts(scheme.signed_bytes, parts); !problem.empty()) {
      error(DiagnosticCode::value_wrong, node->span,
            {shown_value(node->text), "signed", std::move(problem)});
      return;
    }
    const auto is_signed = [&parts](Scheme::Part::Kind kind) {
      return std::any_of(parts.begin(), parts.end(),
                         [kind](const Scheme::Part& part) { return part.kind == kind; });
    };
    const bool has_time =
        find("timestamp_header") != nullptr || find("timestamp_prefix") != nullptr;
    if (is_signed(Scheme::Part::Kind::timestamp)) {
      if (!has_time)
        error(DiagnosticCode::key_missing, node->span,
              {PhraseCode::a_scheme, "timestamp_header",
               Phrase(PhraseCode::scheme_says_where_time_is, {kTime})});
    } else {
      for (const std::string_view key : {"timestamp_header", "timestamp_prefix"})
        if (find(key) != nullptr)
          error(DiagnosticCode::word_no_effect, key_span(key),
                {key, Phrase(PhraseCode::scheme_where_not_signed, {kTime}),
                 Phrase(PhraseCode::scheme_sign_it, {kTime})});
    }
    if (is_signed(Scheme::Part::Kind::id) && scheme.id_header.empty())
      error(DiagnosticCode::key_missing, node->span,
            {PhraseCode::a_scheme, "event_id",
             Phrase(PhraseCode::scheme_says_where_id_is, {kId, "{header: NAME}"})});
  }

  /// What is said about the parts of the header.
  void check_parts(const SchemeText& scheme) {
    if (find("timestamp_header") != nullptr && find("timestamp_prefix") != nullptr)
      error(DiagnosticCode::words_together, key_span("timestamp_prefix"),
            {"timestamp_prefix", "timestamp_header", PhraseCode::scheme_one_time});
    if (find("timestamp_prefix") != nullptr && find("separator") == nullptr)
      error(DiagnosticCode::needs_word, key_span("timestamp_prefix"),
            {"timestamp_prefix", "separator"});
    if (scheme.separator.empty()) return;
    for (const auto& [key, prefix] : {std::pair("prefix", scheme.prefix),
                                      std::pair("timestamp_prefix", scheme.timestamp_prefix)})
      if (prefix.find(scheme.separator) != std::string_view::npos)
        error(DiagnosticCode::value_wrong, find(key)->span,
              {shown_value(prefix), key, PhraseCode::scheme_prefix_separator});
  }

  Diagnostics& diagnostics_;
  const YamlNode* map_ = nullptr;
};

}  // namespace

std::optional<Scheme> read_scheme_map(const YamlNode& map, const std::string& name,
                                      Diagnostics& diagnostics) {
  return Reader(diagnostics).read(map, name);
}

EventIdPlace read_event_id(const YamlNode& node, Diagnostics& diagnostics) {
  return Reader(diagnostics).event_id(node);
}

SchemeFile read_scheme(const std::string& name, std::string_view content) {
  SchemeFile out;
  out.files.files.push_back({name, without_mark_and_cr(content)});
  const std::string& text = out.files.files.front().text;
  YamlNode tree;
  if (SourceText(text, 0).check(out.diagnostics) && read_yaml(text, 0, tree, out.diagnostics))
    out.scheme = read_scheme_map(tree, name, out.diagnostics);
  if (!out.diagnostics.empty()) out.scheme.reset();
  return out;
}

SchemeFile read_scheme_file(const std::string& path) {
  std::string content;
  Phrase why_not;
  if (disk_reader(path)->read(path, content, why_not)) return read_scheme(path, content);
  SchemeFile out;
  out.files.files.push_back({path, {}});
  out.diagnostics.push_back(
      {DiagnosticCode::file_unreadable, Span(), {path, std::move(why_not), Phrase()}});
  return out;
}

}  // namespace trama
