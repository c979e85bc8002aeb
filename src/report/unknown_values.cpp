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
  const std::size_t size = kept.size();
  const auto [found, is_new] =
      text_index_.try_emplace(kept, texts_.size());
  if (is_new) texts_.push_back(std::move(kept));
  order_.push_back(static_cast<std::uint32_t>(found->second));
  return sizeof(std::uint32_t) + (is_new ? 2 * (size + sizeof(std::string)) : 0);
}

void UnknownValues::merge(UnknownValues&& later) {
  not_kept_ += later.not_kept_;
  for (const Value& value : later.kept_) count_value(value.text, value.count);
  std::vector<std::uint32_t> here;  // by the number there
  here.reserve(later.texts_.size());
  for (std::string& text : later.texts_) {
    const auto [found, is_new] = text_index_.try_emplace(text, texts_.size());
    if (is_new) texts_.push_back(std::move(text));
    here.push_back(static_cast<std::uint32_t>(found->second));
  }
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
  kept_index_.emplace(key, kept_.size());
  kept_.push_back({std::move(key), count, weight});
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
