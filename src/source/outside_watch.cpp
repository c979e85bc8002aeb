// Values beside the records. See outside_watch.h.

#include "source/outside_watch.h"

#include <utility>

namespace trama {

void OutsideWatch::event(const JsonChecker& checker, JsonChecker::Event event, const char* from,
                         const char* to) {
  using State = OutsideValue::State;
  if (collecting_ && from != to) {
    value_.json.append(from, to);
    if (value_.json.size() > most_bytes_) {
      value_ = {State::too_big, {}, {}};
      collecting_ = false;
    }
  }
  if (event == JsonChecker::Event::key) watch_.key(checker);
  if (event == JsonChecker::Event::begin && watch_.begin(checker)) begin(checker);
  if (event != JsonChecker::Event::end) return;
  watch_.end(checker);
  if (!collecting_ || checker.depth() != around_) return;
  collecting_ = false;
  value_.state = State::whole;
}

void OutsideWatch::begin(const JsonChecker& checker) {
  using State = OutsideValue::State;
  if (value_.state != State::missing) {
    value_ = {State::twice, {}, {}};
    return;
  }
  const char first = checker.first();
  collecting_ = true;
  around_ = checker.depth() - (first == '{' || first == '[' ? 1 : 0);
  value_.json = first;
}

void OutsideWatch::reset(std::size_t most_bytes) {
  watch_.reset();
  most_bytes_ = most_bytes;
  collecting_ = false;
  value_ = {};
}

OutsideValue OutsideWatch::take() {
  if (value_.state == OutsideValue::State::missing) value_ = {value_.state, {}, watch_.instead()};
  return std::move(value_);
}

}  // namespace trama
