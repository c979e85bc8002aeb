#include "profile/drift.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "profile/alike.h"

namespace trama {
namespace {

constexpr double kFarZ = 4.0;          // of two shares
constexpr double kFewPoints = 0.02;    // shares nearer than that are told by nobody
constexpr double kUnlikely = 0.001;    // that chance alone would have missed it
constexpr std::uint64_t kEnough = 50;  // values, of which a range says something
constexpr double kFarDigits = 0.7;     // mean digits before the point: five times as large
constexpr std::uint64_t kFewestSizes = 20;
constexpr std::int64_t kFarSeconds = std::int64_t{5} * 366 * 86400;
constexpr double kMostDigits = 15;       // that are told of how much larger numbers are
constexpr std::uint64_t kFewDates = 20;  // which a format may fit by chance

std::uint64_t objects_of(const RecordedPath& path) {
  return path.of(JsonKind::object);
}

/// The two-proportion z-test, pooled.
bool has_moved(std::uint64_t part_a, std::uint64_t of_a, std::uint64_t part_b, std::uint64_t of_b) {
  if (of_a == 0 || of_b == 0) return false;
  const double a = share(part_a, of_a);
  const double b = share(part_b, of_b);
  if (std::abs(a - b) < kFewPoints) return false;
  const double all = share(part_a + part_b, of_a + of_b);
  const double error =
      std::sqrt(all * (1 - all) * (1 / static_cast<double>(of_a) + 1 / static_cast<double>(of_b)));
  return error > 0 && std::abs(a - b) / error >= kFarZ;
}

/// Whether what has this share of `of` may be missed among `others` by chance.
bool may_be_missed(std::uint64_t part, std::uint64_t of, std::uint64_t others) {
  return std::pow(1 - share(part, of), static_cast<double>(others)) >= kUnlikely;
}

class Comparison {
 public:
  Comparison(const RecordedProfile& before, const RecordedProfile& after)
      : before_(before), after_(after) {
    for (const RecordedPath& path : after.paths) after_by_path_.emplace(path.path, &path);
    for (const RecordedPath& path : before.paths) before_by_path_.emplace(path.path, &path);
  }

  std::vector<Drift> run() {
    of_all();
    for (const RecordedPath& path : before_.paths) {
      const auto there = after_by_path_.find(path.path);
      if (there != after_by_path_.end()) both(path, *there->second);
    }
    one_sided();
    std::stable_sort(out_.begin(), out_.end(), [](const Drift& a, const Drift& b) {
      return a.chance != b.chance ? b.chance : a.kind < b.kind;
    });
    return std::move(out_);
  }

 private:
  using ByPath = std::map<std::string_view, const RecordedPath*>;

  Drift& tell(DriftKind kind, const RecordedPath* before, const RecordedPath* after) {
    Drift drift;
    drift.kind = kind;
    drift.before = before;
    drift.after = after;
    out_.push_back(std::move(drift));
    return out_.back();
  }

  void of_all() {
    const std::uint64_t a = before_.records;
    const std::uint64_t b = after_.records;
    if (a + b >= kEnough && (b * 2 <= a || a * 2 <= b)) tell(DriftKind::records, nullptr, nullptr);
    if (after_.unread > 0 && (before_.unread == 0 || has_moved(before_.unread, before_.unread + a,
                                                               after_.unread, after_.unread + b)))
      tell(DriftKind::unread, nullptr, nullptr);
  }

  // ---- paths of both ----

  void both(const RecordedPath& a, const RecordedPath& b) {
    if (kinds(a, b)) return;  // what is in it, and what its values are, cannot be compared
    dates(a, b);
    numbers(a, b);
    form(a, b);
    codes(a, b);
    if (has_moved(a.filled(), a.parents(), b.filled(), b.parents()))
      tell(DriftKind::filled, &a, &b);
    items(a, b);
  }

  /// Whether the values are of other kinds than they were.
  bool kinds(const RecordedPath& a, const RecordedPath& b) {
    static constexpr JsonKind kTold[] = {JsonKind::boolean, JsonKind::number, JsonKind::text,
                                         JsonKind::list, JsonKind::object};
    const auto some = [](const RecordedPath& path) { return path.count - path.of(JsonKind::null); };
    if (some(a) == 0 || some(b) == 0) return false;  // all null says nothing of kinds
    bool differs = false;
    bool chance = true;
    bool common = false;
    for (const JsonKind kind : kTold) {
      const std::uint64_t in_a = a.of(kind);
      const std::uint64_t in_b = b.of(kind);
      common = common || (in_a > 0 && in_b > 0);
      if (in_a == 0 && in_b > 0) {
        differs = true;
        chance = chance && may_be_missed(in_b, some(b), some(a));
      } else if ((in_a > 0 && in_b == 0 && !may_be_missed(in_a, some(a), some(b))) ||
                 has_moved(in_a, some(a), in_b, some(b))) {
        differs = true;
        chance = false;
      }
    }
    if (!differs) return false;
    tell(DriftKind::json_kind, &a, &b).chance = chance;
    if (!common) apart_.insert(a.path);
    return !common;
  }

  void dates(const RecordedPath& a, const RecordedPath& b) {
    if (a.values == 0 || b.values == 0) return;
    const bool all = !a.formats.empty();
    if (!all && a.some_dates.empty()) return;
    // the formats of the dump before, and how many values have one of them
    const std::vector<std::string>& formats = all ? a.formats : a.some_dates.front().formats;
    const std::uint64_t in_a = all ? a.values : a.some_dates.front().count;
    const std::uint64_t in_b = with_formats(b, formats);
    if (has_moved(in_a, a.values, in_b, b.values) || (all && in_b < b.values)) {
      Drift& drift = tell(DriftKind::date_format, &a, &b);
      drift.part_before = in_a;
      drift.part_after = in_b;
      drift.chance = a.values < kFewDates ||
                     (in_b > 0 && all && may_be_missed(b.values - in_b, b.values, a.values));
      return;
    }
    if (all && has_moved(a.with_time, a.values, b.with_time, b.values)) {
      tell(DriftKind::clock, &a, &b);
      return;
    }
    if (a.with_time > 0 && b.with_time > 0 &&
        has_moved(a.with_offset, a.with_time, b.with_offset, b.with_time))
      tell(DriftKind::offset, &a, &b);
    const bool off = b.first_second < a.first_second - kFarSeconds ||
                     b.last_second > a.last_second + kFarSeconds;
    if (a.days && b.days && a.values >= kEnough && off) tell(DriftKind::days_off, &a, &b);
  }

  /// How many values have one of the date formats.
  static std::uint64_t with_formats(const RecordedPath& path,
                                    const std::vector<std::string>& formats) {
    const auto meets = [&formats](const std::vector<std::string>& others) {
      return std::find_first_of(others.begin(), others.end(), formats.begin(), formats.end()) !=
             others.end();
    };
    if (meets(path.formats)) return path.values;
    std::uint64_t count = 0;
    for (const RecordedPath::SomeDates& some : path.some_dates)
      if (meets(some.formats)) count += some.count;
    return count;
  }

  void numbers(const RecordedPath& a, const RecordedPath& b) {
    if (a.number_count > 0 && b.values > 0 && other_numbers(a, b)) return;
    if (const double digits = more_digits(a.sizes, b.sizes); digits != 0)
      tell(DriftKind::larger, &a, &b).times = std::pow(10, digits);
    if (a.sizes.count >= kFewestSizes && a.sizes.negative == 0 && b.sizes.negative > 0)
      tell(DriftKind::negative, &a, &b).chance =
          may_be_missed(b.sizes.negative, b.sizes.count, a.sizes.count);
  }

  /// Whether numbers are written otherwise, or are none.
  bool other_numbers(const RecordedPath& a, const RecordedPath& b) {
    static constexpr std::string_view kPlain = "1234.56";
    const auto fits = [](const RecordedPath& path, std::string_view form) {
      return std::find(path.number_forms.begin(), path.number_forms.end(), form) !=
             path.number_forms.end();
    };
    if (!a.number_forms.empty() && !b.number_forms.empty()) {
      const bool one_fits = std::any_of(a.number_forms.begin(), a.number_forms.end(),
                                        [&](const std::string& form) { return fits(b, form); });
      if (one_fits && (!fits(a, kPlain) || fits(b, kPlain))) return false;
      tell(DriftKind::number_marks, &a, &b).chance = a.values < kFewDates;
      return true;
    }
    const std::uint64_t in_b = b.number == a.number ? b.number_count : 0;
    const bool all = a.number_count == a.values;
    if (!has_moved(a.number_count, a.values, in_b, b.values) && !(all && in_b < b.values))
      return false;
    Drift& drift = tell(DriftKind::no_number, &a, &b);
    drift.part_before = a.number_count;
    drift.part_after = in_b;
    drift.chance = all && in_b > 0 && may_be_missed(b.values - in_b, b.values, a.values);
    return true;
  }

  /// By how many digits numbers are longer on average, where that is no chance; else 0.
  static double more_digits(const NumberSizes& a, const NumberSizes& b) {
    if (a.count < kFewestSizes || b.count < kFewestSizes) return 0;
    const auto mean = [](const NumberSizes& sizes) {
      return static_cast<double>(sizes.sum) / static_cast<double>(sizes.count);
    };
    const auto variance = [&mean](const NumberSizes& sizes) {
      return static_cast<double>(sizes.squares) / static_cast<double>(sizes.count) -
             mean(sizes) * mean(sizes);
    };
    const double more = mean(b) - mean(a);
    const double error = std::sqrt(std::max(0.0, variance(a)) / static_cast<double>(a.count) +
                                   std::max(0.0, variance(b)) / static_cast<double>(b.count));
    const bool far = std::abs(more) >= kFarDigits && std::abs(more) >= kFarZ * error;
    return far ? std::clamp(more, -kMostDigits, kMostDigits) : 0;
  }

  void form(const RecordedPath& a, const RecordedPath& b) {
    const bool words = a.all_codes && b.all_codes;  // codes() tells those
    if (!a.vocabulary.empty() && b.vocabulary.empty() && b.values > 0 && !words) {
      tell(DriftKind::form, &a, &b);
      return;
    }
    if (a.form.empty()) return;
    const std::uint64_t in_b = b.form == a.form ? b.form_count : 0;
    if (has_moved(a.form_count, a.values, in_b, b.values)) tell(DriftKind::form, &a, &b);
  }

  // ---- codes ----

  void codes(const RecordedPath& a, const RecordedPath& b) {
    if (a.hidden || b.hidden) return;  // nothing was kept
    if (!a.all_codes || total(b) == 0 || !has_codes(a) || !has_codes(b)) return;
    if (!b.all_codes) {
      tell(DriftKind::code_new, &a, &b);
      return;
    }
    Drift fresh;
    std::uint64_t times = 0;
    for (const RecordedValue& value : b.codes) {
      if (has_code(a, value)) continue;
      fresh.codes.push_back(value);
      times += value.count;
    }
    if (!fresh.codes.empty()) {
      const auto once = static_cast<std::uint64_t>(
          std::count_if(a.codes.begin(), a.codes.end(),
                        [](const RecordedValue& value) { return value.count == 1; }));
      Drift& told = tell(DriftKind::code_new, &a, &b);
      told.codes = std::move(fresh.codes);
      told.chance = may_be_missed(times, total(b), total(a)) ||
                    (once > 0 && !has_moved(once, total(a), times, total(b)));
    }
    std::vector<RecordedValue> gone;
    for (const RecordedValue& value : a.codes)
      if (!has_code(b, value) && !may_be_missed(value.count, total(a), total(b)))
        gone.push_back(value);
    if (!gone.empty()) tell(DriftKind::code_gone, &a, &b).codes = std::move(gone);
  }

  /// Whether its values can be codes: dates and numbers that come and go are none.
  static bool has_codes(const RecordedPath& path) {
    const bool numbers = path.number_count > 0 && path.zeros_in_front == 0;
    return path.formats.empty() && path.some_dates.empty() && !numbers;
  }

  static std::uint64_t total(const RecordedPath& path) {
    return path.values + path.of(JsonKind::boolean);
  }

  static bool has_code(const RecordedPath& path, const RecordedValue& wanted) {
    return std::any_of(path.codes.begin(), path.codes.end(), [&wanted](const RecordedValue& one) {
      return one.kind == wanted.kind && one.text == wanted.text;
    });
  }

  void items(const RecordedPath& a, const RecordedPath& b) {
    const std::uint64_t lists_a = a.of(JsonKind::list);
    const std::uint64_t lists_b = b.of(JsonKind::list);
    if (lists_a < kEnough || lists_b < kEnough) return;
    const double mean_a = share(a.items, lists_a);
    const double mean_b = share(b.items, lists_b);
    const bool one_became_many = a.most_items <= 1 && b.most_items > 1;
    if (one_became_many || mean_b >= 2 * mean_a + 0.1 || mean_a >= 2 * mean_b + 0.1)
      tell(DriftKind::items, &a, &b);
  }

  // ---- paths of one ----

  void one_sided() {
    std::vector<const RecordedPath*> gone = only_in(before_, after_by_path_);
    std::vector<const RecordedPath*> fresh = only_in(after_, before_by_path_);
    for (const auto& [old_path, new_path] : renamed(before_, gone, after_, fresh)) {
      tell(DriftKind::renamed, old_path, new_path);
      std::erase(gone, old_path);
      std::erase(fresh, new_path);
    }
    for (const RecordedPath* path : gone)
      tell(DriftKind::gone, path, nullptr).chance =
          may_be_missed(path->count, path->parents(), parents_of(before_, *path, after_by_path_));
    for (const RecordedPath* path : fresh)
      tell(DriftKind::appeared, nullptr, path).chance =
          may_be_missed(path->count, path->parents(), parents_of(after_, *path, before_by_path_));
  }

  /// The topmost paths of a profile that the other does not have, where it has what they are in.
  [[nodiscard]] std::vector<const RecordedPath*> only_in(const RecordedProfile& profile,
                                                         const ByPath& others) {
    std::vector<const RecordedPath*> only;
    for (const RecordedPath& path : profile.paths) {
      if (others.contains(path.path) || path.count == 0) continue;
      const RecordedPath& parent = profile.paths[path.parent];
      const auto there = others.find(parent.path);
      if (there == others.end() || !is_comparable(parent, *there->second, path)) continue;
      only.push_back(&path);
    }
    return only;
  }

  /// Whether a key is a day, a number or an id.
  [[nodiscard]] bool is_data(std::string_view key) {
    if (!forms_) forms_.emplace();  // takes a while, and is seldom asked
    return is_date_or_id(forms_->of_text(key));
  }

  /// Whether a member that one has and the other has not says something: not where it is an entry of
  /// an object whose keys are data, nor where there was none to look into.
  [[nodiscard]] bool is_comparable(const RecordedPath& parent, const RecordedPath& other,
                                   const RecordedPath& member) {
    if (parent.keys_are_data || other.keys_are_data) return false;
    if (apart_.contains(parent.path)) return false;
    if (member.path.ends_with("[*]")) return other.items > 0;
    return objects_of(other) > 0 && !is_data(name_in(parent, member));
  }

  /// How many objects of the other profile could have the member.
  static std::uint64_t parents_of(const RecordedProfile& profile, const RecordedPath& path,
                                  const ByPath& others) {
    const auto there = others.find(profile.paths[path.parent].path);
    return there == others.end() ? 0 : objects_of(*there->second);
  }

  const RecordedProfile& before_;
  const RecordedProfile& after_;
  ByPath before_by_path_;
  ByPath after_by_path_;
  std::optional<ValueForms> forms_;
  std::set<std::string_view> apart_;  // paths of which no kind is in both
  std::vector<Drift> out_;
};

}  // namespace

std::vector<Drift> compare(const RecordedProfile& before, const RecordedProfile& after) {
  return Comparison(before, after).run();
}

}  // namespace trama
