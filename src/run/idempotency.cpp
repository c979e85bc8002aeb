#include "run/idempotency.h"

#include "base/uuid.h"
#include "json/json_text.h"

namespace trama {
namespace {

// 0e5a8a4c-6d1c-4f0b-9d0e-2f3f5f1d7b61, made at random once and never changed.
constexpr std::string_view kNamespace(
    "\x0e\x5a\x8a\x4c\x6d\x1c\x4f\x0b\x9d\x0e\x2f\x3f\x5f\x1d\x7b\x61", 16);
constexpr std::size_t kKeptBytes = std::size_t{64} * 1024;

}  // namespace

IdempotencyKeys::IdempotencyKeys(const Plan& plan)
    : plan_(plan), writer_(plan.output.columns, plan.output) {}

void IdempotencyKeys::begin_name(std::string_view key) {
  name_ = "[";
  append_json_string(name_, plan_.name);
  name_ += ',';
  append_json_string(name_, key);
}

std::string_view IdempotencyKeys::of_gone(std::string_view key, std::string_view content) {
  begin_name(key);
  std::string digits;
  append_hex(digits, content);
  name_ += ',';
  append_json_string(name_, digits);
  name_ += ",\"delete\"]";
  uuid_ = uuid5(kNamespace, name_);
  return uuid_;
}

std::string_view IdempotencyKeys::of(std::span<const Value> row, std::string_view rest,
                                     std::string_view key, std::size_t number) {
  content_.clear();
  writer_.write(row, rest, content_);
  if (content_.size() > most_) return {};
  std::string digest;
  digest_.add(content_);
  append_hex(digest, digest_.take());
  if (content_.capacity() > kKeptBytes) content_ = {};
  begin_name(key);
  name_ += ',';
  append_json_string(name_, digest);
  if (plan_.identity->with_number) name_ += ',' + std::to_string(number);
  name_ += ']';
  uuid_ = uuid5(kNamespace, name_);
  return uuid_;
}

}  // namespace trama
