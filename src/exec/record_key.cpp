// What `duplicates` compare: the key of a record, and X of `keep: highest X`. Decided on the source
// alone. And the key of `identity`.

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.h"
#include "exec/mapper.h"
#include "json/json_text.h"
#include "step/args.h"

namespace trama {
namespace {

/// Whether the text was read as a date-time but its instant is not known.
bool lacks_instant(Reason reason) noexcept {
  const RecordCode code = code_of(reason);
  return code == RecordCode::zone_missing || code == RecordCode::zone_unknown ||
         code == RecordCode::wrong_type ||  // of the field that names the zone
         code == RecordCode::time_does_not_exist || code == RecordCode::time_exists_twice;
}

/// Why an X without an instant cannot be compared.
Reason rank_reason_of(Reason reason) noexcept {
  switch (reason) {
    case Reason::no_zone_known:
      return Reason::rank_no_zone;
    case Reason::zone_blank:
      return Reason::rank_zone_blank;
    case Reason::local_time_gap:
      return Reason::rank_time_skipped;
    case Reason::local_time_twice:
      return Reason::rank_time_twice;
    default:
      return Reason::rank_zone_unknown;  // whose value may be personal
  }
}

}  // namespace

/// The value at a path, a null word being null.
Value Mapper::key_value(PathIndex path, const WordList* null_words, Found& found) {
  found = find(path);
  if (null_words != nullptr && found.value.kind() == Kind::text &&
      null_words->has(trim(found.value.text())))
    return Value::blank(Kind::null);
  return found.value;
}

const RecordKey& Mapper::key(std::string_view frame, std::string_view entry_key) {
  reset();
  key_.readable = key_.blank = key_.wrong = false;
  key_.key.clear();
  key_.by = {};
  key_.error.reset();
  frame_ = frame;
  entry_key_ = entry_key;
  if (reader_.read(frame) != Reason::none || !plan_.duplicates) return key_;
  if (plan_.error_body != kNoPath && is_error_answer()) return key_;  // nobody's duplicate
  key_.readable = true;
  read_key();
  // Nobody's duplicate is compared with none.
  const PlanDuplicates& plan = *plan_.duplicates;
  if (plan.rank.by != kNoPath && !key_.blank && !key_.wrong)
    key_.by = read_rank(plan.rank, plan.null_words.get(), key_.error);
  return key_;
}

/// Keys are compared as they are written.
void Mapper::read_key() {
  const std::vector<PathIndex>& same = plan_.duplicates->same;
  for (std::size_t i = 0; i < same.size(); ++i) {
    Found found;
    const Value value = key_value(same[i], plan_.duplicates->null_words.get(), found);
    if (found.reason != Reason::none) {
      if (key_.wrong) continue;
      key_.wrong = true;
      RecordError error;
      error.reason = found.reason;
      error.place = plan_.duplicates->place;
      error.a = found.a;
      error.b = found.b;
      error.value = found.value;
      error.path = made(pointer_of(same[i], found.node));
      if (found.node.exists()) error.byte = found.node.byte();
      find_bytes({&error, 1});
      key_.error = error;
      continue;
    }
    if (value.kind() != Kind::text) key_.blank = true;
    append_key_part(key_.key, i == 0,
                    value.kind() == Kind::text ? value.text() : std::string_view());
  }
  if (key_.wrong) key_.blank = false;
}

/// The key of `identity`, as text: one value as it is written, several as a JSON list of theirs. A
/// record in which one is blank could not be known again: that is an error. Whether it has a key.
bool Mapper::read_identity_key() {
  const PlanIdentity& plan = *plan_.identity;
  const bool list = plan.key.size() > 1;
  const std::size_t errors = errors_.size();
  identity_key_ = list ? "[" : "";
  for (const PathIndex path : plan.key) {
    Found found = find(path);
    use_null_words(plan_.null_words.get(), found.value);
    if (found.has_value()) {
      if (identity_key_.size() > 1) identity_key_ += ',';
      if (list)
        append_json_string(identity_key_, found.value.text());
      else
        identity_key_ = found.value.text();
      continue;
    }
    RecordError error;
    error.reason = found.reason;
    error.place = plan.place;
    error.a = found.a;
    error.b = found.b;
    error.value = found.value;
    if (!found.is_wrong()) {
      error.reason = Reason::key_blank;
      error.a = Value::text(plan_.paths[path].text);
      error.b = Value::text(blank_word(found.value.kind()));
    }
    error.path = made(pointer_of(path, found.node));
    if (found.node.exists()) error.byte = found.node.byte();
    errors_.push_back(error);
  }
  if (list) identity_key_ += ']';
  return errors_.size() == errors;
}

void Mapper::read_identity() {
  read_identity_key();
  result_.key = identity_key_;
  const PlanRank& newer = plan_.identity->newer;
  if (newer.by == kNoPath) return;
  std::optional<RecordError> error;
  result_.newer = read_rank(newer, plan_.null_words.get(), error);
  if (error) errors_.push_back(std::move(*error));
}

std::optional<std::string_view> Mapper::identity_of(std::string_view frame,
                                                    std::string_view entry_key) {
  reset();
  frame_ = frame;
  entry_key_ = entry_key;
  if (reader_.read(frame) != Reason::none) return std::nullopt;
  if (plan_.error_body != kNoPath && is_error_answer()) return std::nullopt;
  if (!read_identity_key()) return std::nullopt;
  return identity_key_;
}

/// What two records are compared by; a blank and an error where it cannot be.
Value Mapper::read_rank(const PlanRank& plan, const WordList* null_words,
                        std::optional<RecordError>& error) {
  const Value none = Value::blank(Kind::missing);
  Found found;
  Value value = key_value(plan.by, null_words, found);
  if (value.is_blank()) {
    error = rank_error(plan, Reason::rank_blank);
    error->a = Value::text(blank_word(value.kind()));
    return none;
  }
  if (value.kind() != Kind::text) {
    const bool ends_there = found.reason == Reason::needs_scalar;
    error = rank_error(plan, ends_there ? Reason::kind_not_comparable : found.reason);
    error->a = ends_there ? Value::text(describe(found.node.kind())) : found.a;
    error->b = found.b;
    return none;
  }
  Decimal number;
  if (plan.by_number && read_decimal(value.text(), number) == Reason::none) {
    return Value::decimal(number);
  }
  if (!plan.dynamic_zones.empty()) resolve_zones(plan.dynamic_zones);
  const Reason reason = kReadDate.fn(plan.by_date.get(), value, context_);
  if (reason == Reason::none) return value;
  if (lacks_instant(reason)) {
    const Reason why = rank_reason_of(reason);
    error = rank_error(plan, why);
    const bool names_more = why != Reason::rank_no_zone && why != Reason::rank_zone_unknown;
    if (names_more) error->b = context_.a;  // the zone, or the field that names it
    return none;
  }
  error = rank_error(plan, plan.by_number ? Reason::not_comparable : Reason::rank_not_read);
  error->b = Value::text(plan.by_date->shown);
  return none;
}

RecordError Mapper::rank_error(const PlanRank& plan, Reason reason) {
  const Found found = find(plan.by);
  RecordError error;
  error.reason = reason;
  error.place = plan.place;
  error.a = found.value;
  error.value = found.value;
  error.path = made(pointer_of(plan.by, found.node));
  if (found.node.exists()) error.byte = found.node.byte();
  find_bytes({&error, 1});
  return error;
}

}  // namespace trama
