#include "step/rate_table.h"

#include <algorithm>

namespace trama {
namespace {

std::string pair_key(std::string_view from, std::string_view to) {
  std::string key(from);
  key += ' ';
  key += to;
  return key;
}

}  // namespace

bool RateTable::add(std::string_view from, std::string_view to, Date day, const Decimal& rate) {
  std::vector<Rate>& rates = pairs_[pair_key(from, to)];
  const auto at = std::lower_bound(rates.begin(), rates.end(), day,
                                   [](const Rate& r, Date d) { return r.day.days < d.days; });
  if (at != rates.end() && at->day == day) return false;
  rates.insert(at, {day, rate});
  return true;
}

bool RateTable::has(std::string_view from, std::string_view to) const {
  return pairs_.find(pair_key(from, to)) != pairs_.end();
}

RateAnswer RateTable::find_pair(std::string_view from, std::string_view to, Date day) const {
  RateAnswer answer;
  const auto pair = pairs_.find(pair_key(from, to));
  if (pair == pairs_.end()) return answer;
  const std::vector<Rate>& rates = pair->second;
  const auto after = std::upper_bound(rates.begin(), rates.end(), day,
                                      [](Date d, const Rate& r) { return d.days < r.day.days; });
  if (after == rates.begin()) {
    answer.state = RateAnswer::State::none_before;
    return answer;
  }
  const Rate& last = *(after - 1);
  answer.day = last.day;
  answer.times = last.rate;
  const std::int32_t age = day.days - last.day.days;
  const bool fits = age == 0 || (use_previous && age <= at_most_days_old);
  answer.state = fits           ? RateAnswer::State::found
                 : use_previous ? RateAnswer::State::too_old
                                : RateAnswer::State::no_day;
  return answer;
}

/// The pair as it stands or, where that is allowed, its inverse.
RateAnswer RateTable::find_either(std::string_view from, std::string_view to, Date day) const {
  if (from == to) {
    RateAnswer same;
    same.state = RateAnswer::State::found;
    same.day = day;
    return same;
  }
  RateAnswer direct = find_pair(from, to, day);
  if (direct.state == RateAnswer::State::found || !inverse_allowed) return direct;
  RateAnswer inverse = find_pair(to, from, day);
  if (inverse.state != RateAnswer::State::found)
    return direct.state == RateAnswer::State::no_pair ? inverse : direct;
  std::swap(inverse.times, inverse.divide);
  return inverse;
}

RateAnswer RateTable::find(std::string_view from, std::string_view to, Date day) const {
  RateAnswer direct = find_either(from, to, day);
  if (direct.state == RateAnswer::State::found || through.empty() || from == through ||
      to == through)
    return direct;
  const RateAnswer first = find_either(from, through, day);
  const RateAnswer second = find_either(through, to, day);
  if (first.state != RateAnswer::State::found) return first;
  if (second.state != RateAnswer::State::found) return second;
  RateAnswer both;
  both.state = RateAnswer::State::found;
  both.day = first.day.days < second.day.days ? first.day : second.day;
  if (multiply(first.times, second.times, both.times) != Reason::none) {
    both.times = first.times;
    both.also_times = second.times;
  }
  if (multiply(first.divide, second.divide, both.divide) != Reason::none) {
    both.divide = first.divide;
    both.also_divide = second.divide;
  }
  return both;
}

std::vector<RateTable::Line> RateTable::lines(std::string_view from, std::string_view to,
                                              Date day) const {
  std::vector<Line> all;
  /// False where find_either() has nothing for the two.
  const auto add = [&](std::string_view a, std::string_view b) {
    const bool is_there = find_either(a, b, day).state == RateAnswer::State::found;
    if (!is_there || a == b) return is_there;
    const RateAnswer direct = find_pair(a, b, day);
    if (direct.state == RateAnswer::State::found) {
      all.push_back({std::string(a), std::string(b), direct.day, direct.times});
    } else {
      const RateAnswer inverse = find_pair(b, a, day);
      all.push_back({std::string(b), std::string(a), inverse.day, inverse.times});
    }
    return true;
  };
  if (add(from, to) || through.empty()) return all;
  add(from, through);
  add(through, to);
  return all;
}

std::vector<RateTable::Gap> RateTable::gaps() const {
  std::vector<Gap> all;
  if (!use_previous) return all;
  for (const auto& [key, rates] : pairs_) {
    std::int32_t widest = at_most_days_old;
    Gap gap;
    for (std::size_t i = 1; i < rates.size(); ++i) {
      const std::int32_t days = rates[i].day.days - rates[i - 1].day.days - 1;
      if (days <= widest) continue;
      widest = days;
      gap = {key.substr(0, key.find(' ')), key.substr(key.find(' ') + 1), rates[i - 1].day,
             rates[i].day};
    }
    if (widest > at_most_days_old) all.push_back(gap);
  }
  return all;
}

}  // namespace trama
