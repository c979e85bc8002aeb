#include "infer/names.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "base/ascii.h"
#include "base/utf8.h"
#include "infer/trade_words.h"
#include "mapping/open_decisions.h"
#include "profile/findings.h"

namespace trama {
namespace {

constexpr std::size_t kMaxPart = 48;

bool is_letter(char32_t c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c < 0x1100) ||
         (c >= 0x3041 && c < 0xD7A4);
}

/// Whether a key says little without what it is in: name, code, id, amount, …
bool is_generic(std::string_view key) {
  const std::vector<std::string> words = name_words(key);
  if (words.size() != 1) return words.empty();
  const Concepts of = concepts_of(key);
  return of.none() ||
         of.has_any(Concept::identity, Concept::number, Concept::code, Concept::name,
                    Concept::surname, Concept::amount, Concept::type, Concept::description,
                    Concept::date, Concept::time, Concept::begin, Concept::end, Concept::url,
                    Concept::count, Concept::language, Concept::reference, Concept::currency,
                    Concept::total, Concept::net, Concept::status, Concept::percent);
}

std::string joined(const std::vector<std::string>& way, std::size_t parts) {
  std::string name;
  for (std::size_t i = way.size() - parts; i < way.size(); ++i)
    (name.empty() ? name : name += '_') += way[i];
  return name;
}

}  // namespace

std::string name_part(std::string_view key) {
  std::string part;
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t before = at;
    const char32_t c = next_code_point(key, at);
    const bool kept = is_letter(c) || (c < 0x80 && (is_digit(static_cast<char>(c)) || c == '-'));
    if (part.size() + (at - before) > kMaxPart) break;
    if (kept)
      part += key.substr(before, at - before);
    else if (!part.empty() && !part.ends_with('_'))
      part += '_';
  }
  while (part.ends_with('_') || part.ends_with('-')) part.pop_back();
  while (part.starts_with('-') || part.starts_with('_')) part.erase(0, 1);
  return part.empty() ? "field" : part;
}

std::vector<std::string> column_names(const std::vector<std::vector<std::string>>& ways) {
  std::vector<std::size_t> parts;
  for (const auto& way : ways)
    parts.push_back(way.size() > 1 && is_generic(way.back()) ? std::size_t{2} : std::size_t{1});
  for (bool changed = true; changed;) {
    changed = false;
    std::map<std::string, std::size_t> count;
    for (std::size_t i = 0; i < ways.size(); ++i) ++count[joined(ways[i], parts[i])];
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (count[joined(ways[i], parts[i])] < 2 || parts[i] >= ways[i].size()) continue;
      ++parts[i];
      changed = true;
    }
  }
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const std::string name = joined(ways[i], parts[i]);
    std::string free = name;
    for (int n = 2; !taken.insert(free).second; ++n) free = name + '_' + std::to_string(n);
    names.push_back(std::move(free));
  }
  return names;
}

std::string item_name(std::string_view list, const std::vector<std::string>& taken) {
  std::string name = name_part(list);
  const auto ends = [&name](std::string_view end) {
    return name.size() > end.size() + 1 && name.ends_with(end);
  };
  const auto cut = [&name](std::size_t n, std::string_view more = {}) {
    name.resize(name.size() - n);
    name += more;
  };
  if (ends("ies"))
    cut(3, "y");
  else if (ends("iones") || ends("dades") || ends("xes") || ends("ches") || ends("sses") ||
           ends("shes") || ends("ores") || ends("edes"))
    cut(2);
  else if (ends("s") && !ends("ss") && !ends("us") && !ends("is"))
    cut(1);
  else
    name += "_item";
  if (is_digit(name.front())) name.insert(0, "item_");
  std::replace(name.begin(), name.end(), '-', '_');
  std::string free = name;
  const auto is_taken = [&] { return std::find(taken.begin(), taken.end(), free) != taken.end(); };
  for (int n = 2; is_taken(); ++n) free = name + '_' + std::to_string(n);
  return free;
}

std::string path_key(std::string_view key) {
  const bool plain = !key.empty() && key.find_first_of(".[{\"/$(") == std::string_view::npos &&
                     key.front() != ' ' && key.back() != ' ';
  // What would be taken for a calculation, or for something to decide.
  const bool is_name =
      key.find_first_of("+-*") == std::string_view::npos || key.find(' ') == std::string_view::npos;
  if (plain && is_name && !key.starts_with(kDecide)) return std::string(key);
  std::string quoted = "\"";
  for (const char c : key) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string path_below(std::string_view above, std::string_view key) {
  std::string path(above);
  if (!path.empty()) path += '.';
  return path += path_key(key);
}

}  // namespace trama
