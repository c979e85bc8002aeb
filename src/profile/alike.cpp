#include "profile/alike.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include "base/ascii.h"

namespace trama {
namespace {

// Points: one of a pair with fewer than kEnoughPoints is not told.
constexpr double kEnoughPoints = 2.0;
constexpr double kSameForm = 2.0;     // both e-mails, dates of one format, currency codes
constexpr double kSameCodes = 3.0;    // by how much of them is the same
constexpr double kSameNumbers = 1.0;  // in one range
constexpr double kSameTexts = 1.0;    // as long, and as often the same
constexpr double kSameMembers = 3.0;
constexpr double kSameParent = 1.0;
constexpr double kSameName = 1.5;
constexpr double kOtherShare = 0.3;       // of values filled, or of different ones: too far apart
constexpr std::size_t kMostFields = 300;  // of each side
constexpr double kFewInCommon = 0.3;      // of codes, members, ranges

/// How much two ranges have in common, of both together.
double in_common(double least_a, double greatest_a, double least_b, double greatest_b) {
  const double both = std::min(greatest_a, greatest_b) - std::max(least_a, least_b);
  const double all = std::max(greatest_a, greatest_b) - std::min(least_a, least_b);
  if (all <= 0) return 1;
  return std::max(0.0, both / all);
}

double in_common(const RecordedRange& a, const RecordedRange& b) {
  const auto number = [](const std::string& text) { return std::strtod(text.c_str(), nullptr); };
  return in_common(number(a.least), number(a.greatest), number(b.least), number(b.greatest));
}

/// Of a path that nobody reads a run looks at few values (RecordProfiler::look_at), so what is known of
/// its values is measured by those.
std::uint64_t codes_of(const RecordedPath& path) {
  std::uint64_t all = 0;
  for (const RecordedValue& value : path.codes) all += value.count;
  return all;
}

/// By how much of the values the codes of two paths are the same, from 0 to 1.
double codes_in_common(const RecordedPath& a, const RecordedPath& b) {
  std::map<std::string_view, double> shares;
  for (const RecordedValue& value : a.codes) shares[value.text] += share(value.count, codes_of(a));
  double common = 0;
  for (const RecordedValue& value : b.codes)
    if (const auto there = shares.find(value.text); there != shares.end())
      common += std::min(there->second, share(value.count, codes_of(b)));
  return common;
}

/// Letters and digits alone, small.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name)
    if (const char small = small_letter(c);
        is_digit(c) || (small >= 'a' && small <= 'z') || (c & 0x80) != 0)
      out += small;
  return out;
}

/// By their pairs of letters (Dice's coefficient), from 0 to 1.
double names_alike(std::string_view a, std::string_view b) {
  const std::string one = plain(a);
  const std::string two = plain(b);
  if (one == two) return 1;
  if (one.size() < 2 || two.size() < 2) return 0;
  std::map<std::string, int> pairs;
  for (std::size_t i = 0; i + 1 < one.size(); ++i) ++pairs[one.substr(i, 2)];
  int common = 0;
  for (std::size_t i = 0; i + 1 < two.size(); ++i)
    if (int& left = pairs[two.substr(i, 2)]; left > 0) {
      --left;
      ++common;
    }
  return 2.0 * common / static_cast<double>(one.size() + two.size() - 2);
}

/// One profile, and the paths that are directly in each of its paths.
class Side {
 public:
  explicit Side(const RecordedProfile& profile)
      : profile_(profile), members_(profile.paths.size()) {
    for (std::size_t i = 1; i < profile.paths.size(); ++i)
      members_[profile.paths[i].parent].push_back(i);
  }

  [[nodiscard]] const RecordedPath& parent(const RecordedPath& path) const {
    return profile_.paths[path.parent];
  }
  /// Of a list, its items, as far as there are any; of what is none, itself.
  [[nodiscard]] const RecordedPath& item_of(const RecordedPath& path) const {
    for (const std::size_t member : members(path))
      if (profile_.paths[member].path.ends_with("[*]")) return profile_.paths[member];
    return path;
  }
  [[nodiscard]] std::vector<std::string_view> names(const RecordedPath& path) const {
    std::vector<std::string_view> all;
    for (const std::size_t member : members(path))
      all.push_back(name_in(path, profile_.paths[member]));
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  [[nodiscard]] const std::vector<std::size_t>& members(const RecordedPath& path) const {
    return members_[static_cast<std::size_t>(&path - profile_.paths.data())];
  }

  const RecordedProfile& profile_;
  std::vector<std::vector<std::size_t>> members_;
};

/// The most points, and how many have them.
struct Best {
  double points = 0;
  std::size_t count = 0;

  void take(double one) noexcept {
    if (one > points) {
      points = one;
      count = 0;
    }
    if (one >= points) ++count;
  }
  /// Whether these are the most, and nothing else has as many.
  [[nodiscard]] bool is(double one) const noexcept { return one >= points && count == 1; }
};

class Pairing {
 public:
  Pairing(const RecordedProfile& before, const RecordedProfile& after)
      : before_(before), after_(after) {}

  /// How much one is like the other; 0: not at all.
  [[nodiscard]] double points(const RecordedPath& a, const RecordedPath& b) const {
    if (std::abs(share(a.filled(), a.parents()) - share(b.filled(), b.parents())) > kOtherShare)
      return 0;
    const bool list_a = a.of(JsonKind::list) > 0;
    if (list_a != (b.of(JsonKind::list) > 0)) return 0;
    const RecordedPath& one = list_a ? before_.item_of(a) : a;
    const RecordedPath& two = list_a ? after_.item_of(b) : b;
    const bool object_a = one.of(JsonKind::object) > 0;
    if (object_a != (two.of(JsonKind::object) > 0)) return 0;
    const double alike = object_a ? members_alike(one, two) : values_alike(one, two);
    if (alike == 0) return 0;
    const RecordedPath& parent_a = before_.parent(a);
    const RecordedPath& parent_b = after_.parent(b);
    return alike + (parent_a.path == parent_b.path ? kSameParent : 0) +
           kSameName * names_alike(name_in(parent_a, a), name_in(parent_b, b));
  }

 private:
  [[nodiscard]] double members_alike(const RecordedPath& a, const RecordedPath& b) const {
    const std::vector<std::string_view> one = before_.names(a);
    const std::vector<std::string_view> two = after_.names(b);
    std::vector<std::string_view> common;
    std::set_intersection(one.begin(), one.end(), two.begin(), two.end(),
                          std::back_inserter(common));
    const double all = static_cast<double>(one.size() + two.size() - common.size());
    const double alike = all == 0 ? 1 : static_cast<double>(common.size()) / all;
    return alike < kFewInCommon ? 0 : kSameMembers * alike;
  }

  [[nodiscard]] static double values_alike(const RecordedPath& a, const RecordedPath& b) {
    if ((a.of(JsonKind::number) > 0) != (b.of(JsonKind::number) > 0)) return 0;
    if ((a.of(JsonKind::boolean) > 0) != (b.of(JsonKind::boolean) > 0)) return 0;
    if (a.form != b.form || a.vocabulary != b.vocabulary) return 0;
    if (a.formats.empty() != b.formats.empty()) return 0;
    double points = a.form.empty() && a.vocabulary.empty() ? 0 : kSameForm;
    if (!a.formats.empty()) {
      if (std::find_first_of(a.formats.begin(), a.formats.end(), b.formats.begin(),
                             b.formats.end()) == a.formats.end())
        return 0;
      points += kSameForm;
    }
    if (std::abs(share(a.distinct, a.values) - share(b.distinct, b.values)) > kOtherShare) return 0;
    if (a.all_codes && b.all_codes && !a.codes.empty() && !b.codes.empty()) {
      const double common = codes_in_common(a, b);
      return common < kFewInCommon ? (points >= kSameForm ? points : 0)
                                   : points + kSameCodes * common;
    }
    if (a.numbers && b.numbers) {
      const double common = in_common(*a.numbers, *b.numbers);
      return common < kFewInCommon ? 0 : points + kSameNumbers + common;
    }
    const auto chars = [](std::uint64_t n) { return static_cast<double>(n); };
    const double common = in_common(chars(a.fewest_characters), chars(a.most_characters) + 1,
                                    chars(b.fewest_characters), chars(b.most_characters) + 1);
    return common < kFewInCommon ? points : points + kSameTexts * common;
  }

  Side before_;
  Side after_;
};

}  // namespace

std::string_view name_in(const RecordedPath& parent, const RecordedPath& path) noexcept {
  std::string_view name = std::string_view(path.path).substr(parent.path.size());
  if (name.starts_with('.')) name.remove_prefix(1);
  if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"'))
    name = name.substr(1, name.size() - 2);
  return name;
}

std::vector<std::pair<const RecordedPath*, const RecordedPath*>> renamed(
    const RecordedProfile& before, const std::vector<const RecordedPath*>& gone,
    const RecordedProfile& after, const std::vector<const RecordedPath*>& fresh) {
  const Pairing pairing(before, after);
  const std::size_t rows = std::min(gone.size(), kMostFields);
  const std::size_t columns = std::min(fresh.size(), kMostFields);
  std::vector<std::vector<double>> points(rows, std::vector<double>(columns));
  std::vector<Best> of_row(rows);
  std::vector<Best> of_column(columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      points[i][j] = pairing.points(*gone[i], *fresh[j]);
      of_row[i].take(points[i][j]);
      of_column[j].take(points[i][j]);
    }
  std::vector<std::pair<const RecordedPath*, const RecordedPath*>> pairs;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      if (points[i][j] >= kEnoughPoints && of_row[i].is(points[i][j]) &&
          of_column[j].is(points[i][j]))
        pairs.emplace_back(gone[i], fresh[j]);
  return pairs;
}

}  // namespace trama
