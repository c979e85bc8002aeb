#include "mapping/json_tree.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "mapping/source_text.h"

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class JsonTreeReader {
 public:
  JsonTreeReader(SourceText& source, Diagnostics& diagnostics)
      : source_(source), text_(source.text()), diagnostics_(diagnostics) {}

  bool read(YamlNode& out) {
    skip_space();
    if (done()) return fail(PhraseCode::the_file_is_empty, {}, 0, 0);
    if (!value(out, 0)) return false;
    skip_space();
    return done() || fail(PhraseCode::more_text_behind_json, PhraseCode::one_file_holds_one_json,
                          at_, at_ + 1);
  }

 private:
  [[nodiscard]] bool done() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] char here() const noexcept { return done() ? '\0' : text_[at_]; }
  void skip_space() noexcept {
    while (!done() && is_space(text_[at_])) ++at_;
  }
  bool fail(Phrase message, Phrase help, std::size_t begin, std::size_t end) {
    diagnostics_.push_back({DiagnosticCode::json_invalid,
                            source_.span(begin, end),
                            {std::move(message), std::move(help)}});
    return false;
  }
  bool too_big(Phrase message, Phrase help) {
    diagnostics_.push_back({DiagnosticCode::yaml_too_big,
                            source_.span(at_, at_ + 1),
                            {std::move(message), std::move(help)}});
    return false;
  }
  bool count_node() {
    return ++nodes_ <= kMaxYamlNodes ||
           too_big({PhraseCode::more_keys_and_values_than, {std::to_string(kMaxYamlNodes)}},
                   PhraseCode::keep_a_big_table_in_csv);
  }

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxYamlDepth deep
  bool value(YamlNode& out, std::size_t depth) {
    if (!count_node()) return false;
    switch (here()) {
      case '{':
      case '[':
        if (depth >= kMaxYamlDepth)
          return too_big({PhraseCode::nests_deeper_than, {std::to_string(kMaxYamlDepth)}}, {});
        out.kind = here() == '{' ? YamlNode::Kind::map : YamlNode::Kind::list;
        out.span = source_.span(at_, at_ + 1);
        return here() == '{' ? object(out, depth) : list(out, depth);
      case '"':
        return string(out);
      default:
        return word(out);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxYamlDepth deep
  bool list(YamlNode& out, std::size_t depth) {
    const std::size_t begin = at_++;
    skip_space();
    if (here() == ']') return ++at_, true;
    for (;;) {
      out.items.emplace_back();
      if (!value(out.items.back(), depth + 1)) return false;
      bool last = false;
      if (!next(begin, ']', last)) return false;
      if (last) return true;
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxYamlDepth deep
  bool object(YamlNode& out, std::size_t depth) {
    const std::size_t begin = at_++;
    std::unordered_map<std::string, std::uint32_t> lines;  // of the keys so far
    skip_space();
    if (here() == '}') return ++at_, true;
    for (;;) {
      YamlEntry entry;
      if (here() != '"')
        return fail(done() ? PhraseCode::the_object_that_is_opened_here_is_not_closed
                           : PhraseCode::a_key_in_double_quotes_is_needed_here,
                    done() ? Phrase(PhraseCode::close_it_with, {"}"})
                           : Phrase(PhraseCode::write_a_json_key),
                    done() ? begin : at_, (done() ? begin : at_) + 1);
      if (!count_node() || !string(entry.key)) return false;
      skip_space();
      if (here() != ':')
        return fail(PhraseCode::a_colon_is_needed_behind_this_key, PhraseCode::write_a_json_key,
                    at_, at_ + 1);
      ++at_;
      skip_space();
      if (!value(entry.value, depth + 1)) return false;
      const auto [known, fresh] = lines.emplace(entry.key.text, entry.key.span.line);
      if (fresh) {
        out.entries.push_back(std::move(entry));
      } else {
        diagnostics_.push_back({DiagnosticCode::key_repeated,
                                entry.key.span,
                                {entry.key.text, std::to_string(known->second)}});
      }
      bool last = false;
      if (!next(begin, '}', last)) return false;
      if (last) return true;
    }
  }

  /// Behind an item: a comma and what follows it, or the end.
  bool next(std::size_t begin, char close, bool& last) {
    skip_space();
    if (done())
      return fail(close == ']' ? PhraseCode::the_list_that_is_opened_here_is_not_closed
                               : PhraseCode::the_object_that_is_opened_here_is_not_closed,
                  {PhraseCode::close_it_with, {std::string(1, close)}}, begin, begin + 1);
    if (here() == close) {
      ++at_;
      last = true;
      return true;
    }
    if (here() != ',')
      return fail(PhraseCode::a_comma_is_needed_before_this,
                  PhraseCode::put_commas_between_the_entries, at_, at_ + 1);
    const std::size_t comma = at_++;
    skip_space();
    return here() != close || fail(PhraseCode::there_is_a_comma_and_nothing_behind_it,
                                   PhraseCode::take_it_out, comma, comma + 1);
  }

  bool string(YamlNode& out) {
    const std::size_t begin = at_++;
    out.quoted = true;
    while (!done() && text_[at_] != '"' && text_[at_] != '\n') {
      if (text_[at_] != '\\') {
        out.text += text_[at_++];
      } else if (!escape(out.text)) {
        return false;
      }
    }
    if (here() != '"')
      return fail(PhraseCode::quote_not_closed_in_line, PhraseCode::close_the_quotes, begin,
                  text_.size());
    ++at_;
    out.span = source_.span(begin, at_);
    return true;
  }

  /// Four digits behind `\u`; -1 where they are none.
  [[nodiscard]] int unit(std::size_t at) const noexcept {
    int unit = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      const char c = i < text_.size() ? text_[i] : '\0';
      const int digit = is_digit(c)            ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view kEscapes = "\"\\/bfnrt";
    static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const std::size_t begin = at_++;
    if (const std::size_t known = kEscapes.find(here()); !done() && known != kNone) {
      out += kMeant[known];
      ++at_;
      return true;
    }
    if (here() != 'u')
      return fail(PhraseCode::a_backslash_is_special, PhraseCode::json_escapes, begin, begin + 2);
    const int high = unit(at_ + 1);
    if (high < 0)
      return fail(PhraseCode::u_needs_four_digits, PhraseCode::write_the_character_itself, begin,
                  begin + 2);
    at_ += 5;
    auto c = static_cast<char32_t>(high);
    const bool first = high >= 0xD800 && high <= 0xDBFF;
    if (first || (high >= 0xDC00 && high <= 0xDFFF)) {
      const int low = first && text_.substr(at_, 2) == "\\u" ? unit(at_ + 2) : -1;
      if (low < 0xDC00 || low > 0xDFFF)
        return fail(PhraseCode::this_escape_is_half_of_a_character,
                    PhraseCode::write_the_character_itself, begin, at_);
      c = 0x10000 + ((c - 0xD800) << 10U) + (static_cast<char32_t>(low) - 0xDC00);
      at_ += 6;
    }
    append_utf8(out, c);
    return true;
  }

  /// RFC 8259 §6: -12.5e+3.
  static bool is_number(std::string_view s) noexcept {
    std::size_t at = 0;
    const auto digits = [&] {
      const std::size_t begin = at;
      while (at < s.size() && is_digit(s[at])) ++at;
      return at > begin;
    };
    if (at < s.size() && s[at] == '-') ++at;
    if (at < s.size() && s[at] == '0') {
      ++at;
    } else if (!digits()) {
      return false;
    }
    if (at < s.size() && s[at] == '.' && (++at, !digits())) return false;
    if (at < s.size() && (s[at] == 'e' || s[at] == 'E')) {
      ++at;
      if (at < s.size() && (s[at] == '+' || s[at] == '-')) ++at;
      if (!digits()) return false;
    }
    return at == s.size();
  }

  bool word(YamlNode& out) {
    const std::size_t begin = at_;
    while (!done() && !is_space(text_[at_]) &&
           std::string_view(",:[]{}\"").find(text_[at_]) == kNone)
      ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word != "true" && word != "false" && word != "null" && !is_number(word))
      return fail(
          word.empty() ? PhraseCode::a_value_is_missing_here : PhraseCode::this_is_no_json_value,
          PhraseCode::json_values, begin, std::max(at_, begin + 1));
    out.text = word;
    out.span = source_.span(begin, at_);
    return true;
  }

  SourceText& source_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

bool is_json_file(std::string_view name) noexcept {
  return name.ends_with(".json");
}

bool read_json_tree(std::string_view text, std::uint32_t file, YamlNode& out,
                    Diagnostics& diagnostics) {
  if (text.size() > kMaxYamlBytes) {
    diagnostics.push_back(
        {DiagnosticCode::yaml_too_big,
         {file, 0, 0, 0},
         {PhraseCode::the_file_has_more_than_4_mib, PhraseCode::keep_big_tables_in_csv}});
    return false;
  }
  SourceText source(text, file);
  return source.check(diagnostics) && JsonTreeReader(source, diagnostics).read(out);
}

bool read_tree_file(std::string_view text, std::string_view name, std::uint32_t file, YamlNode& out,
                    Diagnostics& diagnostics) {
  return is_json_file(name) ? read_json_tree(text, file, out, diagnostics)
                            : read_yaml(text, file, out, diagnostics);
}

}  // namespace trama
