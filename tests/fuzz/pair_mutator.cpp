// How libFuzzer changes a pair of mapping and dump: mostly so that it stays one. Lines and columns
// of the mapping are taken out, doubled, moved, or taken from another mapping; words are exchanged
// for words of the language or of the mapping itself; values of the dump for others.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);

namespace {

constexpr std::string_view kBetween = "\n=====\n";

const std::vector<std::string_view>& words() {
  static const std::vector<std::string_view> kWords = {
#define TRAMA_WORD(section, word, form, values, about) word,
#define TRAMA_STEP_WORDS(when)
#define TRAMA_STEP_MAPS()
#include "mapping/words.inc"
#undef TRAMA_WORD
#undef TRAMA_STEP_WORDS
#undef TRAMA_STEP_MAPS
      "yes",
      "no",
      "none",
      "reject",
      "keep",
      "write-blank",
      "write-original",
      "skip-item",
      "stop",
      "warn",
      "left-out",
      "null",
      "text",
      "email",
      "integer",
      "decimal",
      "money",
      "boolean",
      "date",
      "datetime",
      "time",
      "duration",
      "json",
      "url",
      "uuid",
      "country",
      "currency",
      "half-up",
      "exact",
      "share",
      "repeat",
      "leave-blank",
      "by-currency",
      "in-amount",
      "first",
      "last",
      "highest x",
      "lowest x",
      "sum",
      "count",
      "only",
      "csv",
      "ndjson",
      "'1.234,56'",
      "ISO-8601",
      "DD/MM/YYYY",
      "unix-seconds",
      "America/Bogota",
      "UTC",
      "source.x = 1",
      "$key",
      "x[*].a",
      "x{*}",
      "x[-1]",
      "/x/0",
      "title-case",
      "plain-text",
      "digits-only",
      "0",
      "1",
      "-1",
      "100%",
      "'PRIVATE'",
      "{from: x}",
      "[x, y]",
      "ignore",
      "auto",
      "published",
      "always",
      "previous"};
  return kWords;
}

constexpr std::string_view kValues[] = {"null",
                                        "true",
                                        "1",
                                        "-0",
                                        "1e400",
                                        "0.005",
                                        "99999999999999999999999999999999999999.5",
                                        "\"\"",
                                        "\" \"",
                                        "[]",
                                        "{}",
                                        "[null]",
                                        "[[1]]",
                                        "{\"a\":1}",
                                        "{\"$key\":1}",
                                        "\"PRIVATE\"",
                                        "[\"PRIVATE\",{\"PRIVATE\":1}]",
                                        "{\"PRIVATE\":\"PRIVATE\"}",
                                        "\"2025-02-30\"",
                                        "\"2025-03-01T10:00:00Z\"",
                                        "\"31/12/9999\"",
                                        "\"USD 1.50\"",
                                        "\"1.234,56\"",
                                        "\"x\\u0000y\"",
                                        "\"\\ud83d\\ude00\"",
                                        "\"=1+1\"",
                                        "\"a\\nb\\\"c\"",
                                        "tru",
                                        "\"\xff\"",
                                        "[1,2",
                                        "01"};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string changed(std::string_view text, std::size_t max) {
    std::vector<std::string> parts = split(text);
    const std::size_t kind = below(20);
    if (kind < 5)
      bytes(parts[parts.size() > 1 ? 1 : 0], max);
    else if (kind < 10)
      value(parts[parts.size() > 1 ? 1 : 0]);
    else if (kind < 15)
      word(parts[0]);
    else if (kind < 18)
      lines(parts[0]);
    else
      bytes(parts[below(parts.size())], max);
    return joined(parts);
  }

  std::string crossed(std::string_view one, std::string_view other) {
    std::vector<std::string> parts = split(one);
    const std::vector<std::string> others = split(other);
    if (below(3) == 0) {
      const std::size_t i = below(std::min(parts.size(), others.size()));
      parts[i] = others[i];
      return joined(parts);
    }
    // Some lines of the other mapping, whole blocks where that can be seen.
    std::vector<std::string> into = lines_of(parts[0]);
    const std::vector<std::string> from = lines_of(others[0]);
    const std::size_t first = below(from.size());
    std::size_t end = first + 1;
    while (end < from.size() && indent(from[end]) > indent(from[first])) ++end;
    std::size_t at = below(into.size() + 1);
    while (at < into.size() && indent(into[at]) != indent(from[first])) ++at;
    into.insert(into.begin() + static_cast<std::ptrdiff_t>(at),
                from.begin() + static_cast<std::ptrdiff_t>(first),
                from.begin() + static_cast<std::ptrdiff_t>(end));
    parts[0] = text_of(into);
    return joined(parts);
  }

 private:
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }

  static std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t end = 0; end != std::string_view::npos;) {
      end = text.find(kBetween);
      parts.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(
          text.size(), end == std::string_view::npos ? text.size() : end + kBetween.size()));
    }
    return parts;
  }
  static std::string joined(const std::vector<std::string>& parts) {
    std::string out = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i) (out += kBetween) += parts[i];
    return out;
  }
  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines(1);
    for (const char c : text) {
      if (c == '\n')
        lines.emplace_back();
      else
        lines.back() += c;
    }
    return lines;
  }
  static std::string text_of(const std::vector<std::string>& lines) {
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) (out += i == 0 ? "" : "\n") += lines[i];
    return out;
  }
  static std::size_t indent(const std::string& line) {
    return std::min(line.find_first_not_of(' '), line.size());
  }

  void bytes(std::string& text, std::size_t max) {
    const std::size_t size = text.size();
    text.resize(std::max(size + 64, std::min(max, size * 2)));
    text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
  }

  /// Another value behind one of the colons, or a key of the record elsewhere.
  void value(std::string& dump) {
    std::vector<std::size_t> colons;
    for (std::size_t i = 0; i < dump.size(); ++i)
      if (dump[i] == ':' || dump[i] == '[') colons.push_back(i + 1);
    if (colons.empty()) return;
    const std::size_t from = colons[below(colons.size())];
    std::size_t end = from;
    int depth = 0;
    for (; end < dump.size() && dump[end] != '\n'; ++end) {
      if (depth == 0 && (dump[end] == ',' || dump[end] == '}' || dump[end] == ']')) break;
      if (dump[end] == '{' || dump[end] == '[') ++depth;
      if (dump[end] == '}' || dump[end] == ']') --depth;
    }
    const std::size_t other = colons[below(colons.size())];
    const std::size_t other_end = std::min(dump.find_first_of(",}\n", other), dump.size());
    const std::string other_value = dump.substr(other, other_end - other);
    dump.replace(from, end - from,
                 below(4) == 0 ? other_value : kValues[below(std::size(kValues))]);
  }

  /// A word of the mapping becomes a word of the language, or another of its own.
  void word(std::string& mapping) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    constexpr std::string_view kEnds = " \n,:[]{}'\"";
    for (std::size_t at = 0; at < mapping.size();) {
      at = mapping.find_first_not_of(kEnds, at);
      if (at == std::string::npos) break;
      const std::size_t end = std::min(mapping.find_first_of(kEnds, at), mapping.size());
      found.emplace_back(at, end - at);
      at = end;
    }
    if (found.empty()) return;
    const auto [at, size] = found[below(found.size())];
    const auto [other, other_size] = found[below(found.size())];
    const std::string own = mapping.substr(other, other_size);
    if (below(3) == 0)
      mapping.replace(at, size, own);
    else
      mapping.replace(at, size, words()[below(words().size())]);
  }

  void lines(std::string& mapping) {
    std::vector<std::string> all = lines_of(mapping);
    const std::size_t at = below(all.size());
    const auto place = all.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(5)) {
      case 0:
        all.erase(place);
        break;
      case 1:
        all.insert(place, all[below(all.size())]);
        break;
      case 2:
        std::swap(all[at], all[below(all.size())]);
        break;
      case 3:  // a word more beside this one
        all.insert(place, std::string(indent(all[at]), ' ') +
                              std::string(words()[below(words().size())]) + ": " +
                              std::string(words()[below(words().size())]));
        break;
      default:
        all.insert(place, std::string(indent(all[at]), ' ') + "personal: yes");
    }
    mapping = text_of(all);
  }

  std::mt19937 random_;
};

std::size_t given(const std::string& text, std::uint8_t* out, std::size_t max) {
  const std::size_t size = std::min(text.size(), max);
  std::memcpy(out, text.data(), size);
  return size;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max, unsigned seed) {
  Mutator mutator(seed);
  std::string text(reinterpret_cast<const char*>(data), size);
  for (unsigned i = 0; i <= seed % 3; ++i) text = mutator.changed(text, max);
  return given(text, data, max);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max,
                                                 unsigned seed) {
  return given(Mutator(seed).crossed({reinterpret_cast<const char*>(one), one_size},
                                     {reinterpret_cast<const char*>(other), other_size}),
               out, max);
}
