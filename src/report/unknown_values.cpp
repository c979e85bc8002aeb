#include "report/unknown_values.h"

#include <algorithm>
#include <utility>

#include "base/keyed_hash.h"
#include "report/summary.h"
#include "report/shown_text.h"

namespace trama {

std::size_t UnknownValues::TextHash::operator()(const std::string& text) const noexcept {
  return static_cast<std::size_t>(keyed_hash(text));  // texts of the data
}

std::size_t UnknownValues::add(std::string_view text) {
  std::string kept = shortened(text, kKeptCharacters);
  const std::size_t before = texts_.size();
  const std::size_t bytes = 2 * (kept.size() + sizeof(std::string));
  order_.push_back(number_of(std::move(kept)));
  return sizeof(std::uint32_t) + (texts_.size() > before ? bytes : 0);
}

/// The text is there before its number is: where memory fails in between, no number leads nowhere.
std::uint32_t UnknownValues::number_of(std::string&& text) {
  if (const auto found = text_index_.find(text); found != text_index_.end())
    return static_cast<std::uint32_t>(found->second);
  texts_.push_back(std::move(text));
  text_index_.emplace(texts_.back(), texts_.size() - 1);
  return static_cast<std::uint32_t>(texts_.size() - 1);
}

void UnknownValues::merge(UnknownValues&& later) {
  not_kept_ += later.not_kept_;
  for (const Value& value : later.kept_) count_value(value.text, value.count);
  std::vector<std::uint32_t> here;  // by the number there
  here.reserve(later.texts_.size());
  for (std::string& text : later.texts_) here.push_back(number_of(std::move(text)));
  order_.reserve(order_.size() + later.order_.size());
  for (const std::uint32_t text : later.order_) order_.push_back(here[text]);
}

void UnknownValues::limit() {
  for (const std::uint32_t text : order_) count_value(texts_[text], 1);
  order_.clear();
  texts_.clear();
  text_index_.clear();
}

void UnknownValues::count_value(std::string_view text, std::uint64_t count) {
  std::string key(text);
  if (const auto found = kept_index_.find(key); found != kept_index_.end()) {
    kept_[found->second].count += count;
    kept_[found->second].weight += count;
    return;
  }
  std::uint64_t weight = count;
  for (; kept_.size() >= kKept && weight > 0; --weight) take_from_all();
  if (weight == 0) {
    not_kept_ += count;
    return;
  }
  kept_.push_back({key, count, weight});
  kept_index_.emplace(std::move(key), kept_.size() - 1);
}

void UnknownValues::take_from_all() {
  for (std::size_t i = 0; i < kept_.size();) {
    if (--kept_[i].weight > 0) {
      ++i;
      continue;
    }
    not_kept_ += kept_[i].count;
    kept_index_.erase(kept_[i].text);
    if (i + 1 < kept_.size()) {
      kept_[i] = std::move(kept_.back());
      kept_index_[kept_[i].text] = i;
    }
    kept_.pop_back();
  }
}

std::vector<UnknownValues::Value> UnknownValues::most_frequent() const {
  UnknownValues all = *this;
  all.limit();
  std::sort(all.kept_.begin(), all.kept_.end(), [](const Value& a, const Value& b) {
    return a.count != b.count ? a.count > b.count : a.text < b.text;
  });
  return std::move(all.kept_);
}

}  // namespace trama
