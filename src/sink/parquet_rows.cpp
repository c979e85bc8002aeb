#include "sink/parquet_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_buffer.h"
#include "json/json_text.h"

namespace trama {
namespace {

static_assert(std::endian::native == std::endian::little, "PLAIN is copied as it is in memory");

constexpr std::size_t kKeptBytes = std::size_t{64} * 1024;  // of a row
/// Pages, which hold whole rows, have sizes of 32 bits with a sign (parquet.thrift, PageHeader).
constexpr std::size_t kMostRowBytes = std::size_t{1} << 30U;
constexpr std::int64_t kMicrosASecond = 1'000'000;
constexpr std::uint32_t kNanosAMicro = 1000;
constexpr std::int64_t kMicrosecondDigits = 6;

template <typename T>
void put_plain(T value, ByteBuffer& out) {
  out.need(sizeof(value));
  std::memcpy(out.at(), &value, sizeof(value));
  out.end(out.at() + sizeof(value));
}

void put_byte(std::uint8_t value, ByteBuffer& out) {
  out.need(1);
  out.put(static_cast<char>(value));
}

void put_bytes(std::string_view bytes, ByteBuffer& out) {
  put_plain(static_cast<std::uint32_t>(bytes.size()), out);
  out.append(bytes);
}

/// 10^0 to 10^38.
struct PowersOfTen {
  constexpr PowersOfTen() {
    for (std::size_t i = 1; i < std::size(power); ++i) power[i] = 10 * power[i - 1];
  }
  Int128 power[kMaxDigits + 1] = {1};
};
constexpr PowersOfTen kPowersOfTen;

/// JSON of our own writing (JsonObjectWriter): it is known to be well formed.
class JsonWalk {
 public:
  explicit JsonWalk(std::string_view json) noexcept : json_(json) {}

  /// Enters the object or list that is next.
  void enter() noexcept { ++at_; }
  /// Whether another member or item follows; else the end is passed.
  bool more() noexcept {
    if (json_[at_] == ',') ++at_;
    if (json_[at_] != '}' && json_[at_] != ']') return true;
    ++at_;
    return false;
  }
  /// The key of the next member, as it is written between its quotes.
  std::string_view key() noexcept {
    const std::string_view key = value();
    ++at_;  // the colon
    return key.substr(1, key.size() - 2);
  }
  /// The next value as it is written.
  std::string_view value() noexcept {
    const std::size_t from = at_;
    int depth = 0;
    do {
      const char c = json_[at_];
      if (c == '"') {
        pass_string();
        continue;
      }
      depth += (c == '{' || c == '[') ? 1 : (c == '}' || c == ']') ? -1 : 0;
      ++at_;
    } while (depth > 0 || !ends());
    return json_.substr(from, at_ - from);
  }

 private:
  void pass_string() noexcept {
    for (++at_; json_[at_] != '"'; ++at_)
      if (json_[at_] == '\\') ++at_;
    ++at_;
  }
  [[nodiscard]] bool ends() const noexcept {
    if (at_ >= json_.size()) return true;
    const char c = json_[at_];
    return c == ',' || c == '}' || c == ']' || c == ':';
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

/// Writes values of one leaf each; what its type does not hold is refused.
class ValueWriter {
 public:
  /// Whether the last value that was refused has a fraction of a second that is too fine.
  [[nodiscard]] bool too_fine() const noexcept { return too_fine_; }

  /// False: nothing is written of it. `value` is not blank.
  bool write(const ParquetLeaf& leaf, const Value& value, ByteBuffer& out) {
    too_fine_ = false;
    switch (leaf.kind) {
      case ParquetKind::string:
        if (value.kind() == Kind::text || value.kind() == Kind::json) {
          put_bytes(value.text(), out);
        } else {
          text_.clear();
          append_plain(text_, value, leaf.format);
          put_bytes(text_, out);
        }
        return true;
      case ParquetKind::json:
        if (value.kind() != Kind::json) return false;
        put_bytes(value.text(), out);
        return true;
      case ParquetKind::boolean:
        if (value.kind() != Kind::boolean) return false;
        put_byte(value.boolean() ? 1 : 0, out);
        return true;
      case ParquetKind::integer:
      case ParquetKind::decimal:
        if (value.kind() == Kind::duration)
          return write_decimal(leaf, duration_in(leaf.format, value.duration()), out);
        return value.kind() == Kind::decimal && write_decimal(leaf, value.decimal(), out);
      case ParquetKind::date:
        if (value.kind() != Kind::date) return false;
        put_plain(value.date().days, out);
        return true;
      case ParquetKind::time:
        return value.kind() == Kind::time && write_time(value.time(), out);
      case ParquetKind::instant:
      case ParquetKind::local:
        return value.kind() == Kind::datetime && write_datetime(leaf, value.datetime(), out);
    }
    return false;
  }

  /// The same of a value as JsonObjectWriter wrote it. It may be read into `value`, for a message.
  bool write(const ParquetLeaf& leaf, std::string_view json, Value& value, ByteBuffer& out) {
    const bool quoted = json.front() == '"';
    if (quoted) {
      inside_.clear();
      append_json_unescaped(inside_, json.substr(1, json.size() - 2));
    }
    const std::string_view text = quoted ? std::string_view(inside_) : json;
    value = Value::text(text);
    switch (leaf.kind) {
      case ParquetKind::string:
        break;
      case ParquetKind::json:
        value = Value::json(json);
        break;
      case ParquetKind::boolean:
        if (text == "true" || text == "false") value = Value::boolean(text == "true");
        break;
      case ParquetKind::integer:
      case ParquetKind::decimal: {
        Decimal number;
        if (!quoted && read_decimal(text, number) == Reason::none) value = Value::decimal(number);
        break;
      }
      default:
        if (quoted) read_moment(leaf, text, value);
    }
    return write(leaf, value, out);
  }

 private:
  static bool write_decimal(const ParquetLeaf& leaf, Decimal number, ByteBuffer& out) {
    if (number.scale != leaf.scale && round_to(number, leaf.scale, Rounding::exact) != Reason::none)
      return false;
    const Int128 coefficient = number.coefficient;
    if (leaf.precision < kMaxDigits) {
      const Int128 end = kPowersOfTen.power[leaf.precision];
      if (coefficient >= end || coefficient <= -end) return false;
    }
    if (leaf.type == ParquetType::int32) {
      put_plain(static_cast<std::int32_t>(coefficient), out);
    } else if (leaf.type == ParquetType::int64) {
      put_plain(static_cast<std::int64_t>(coefficient), out);
    } else {
      // The highest byte first: LogicalTypes.md, DECIMAL.
      const auto bits = static_cast<UInt128>(coefficient);
      put_plain(__builtin_bswap64(static_cast<std::uint64_t>(bits >> 64U)), out);
      put_plain(__builtin_bswap64(static_cast<std::uint64_t>(bits)), out);
    }
    return true;
  }

  /// Microseconds of a second; nothing where the fraction is finer.
  std::optional<std::int64_t> micros_of(std::uint32_t nanos) noexcept {
    too_fine_ = nanos % kNanosAMicro != 0;
    if (too_fine_) return std::nullopt;
    return nanos / kNanosAMicro;
  }

  bool write_time(const TimeOfDay& time, ByteBuffer& out) {
    const std::optional<std::int64_t> micros = micros_of(time.nanos);
    if (!micros) return false;
    put_plain(time.seconds * kMicrosASecond + *micros, out);
    return true;
  }

  /// Years 1 to 9999 have room in 64 bits of microseconds.
  bool write_datetime(const ParquetLeaf& leaf, const DateTime& time, ByteBuffer& out) {
    const bool instant = leaf.kind == ParquetKind::instant;
    if ((time.offset != kNoOffset) != instant) return false;
    const std::optional<std::int64_t> micros = micros_of(time.nanos);
    if (!micros) return false;
    const std::int64_t seconds = time.seconds - (instant ? time.offset : 0);
    put_plain(seconds * kMicrosASecond + *micros, out);
    return true;
  }

  /// What write_moment() wrote, or the pattern of the column.
  void read_moment(const ParquetLeaf& leaf, std::string_view text, Value& value) {
    Moment moment;
    DateTrouble trouble;
    if (leaf.format.pattern) {
      if (leaf.format.pattern->read(text, moment, trouble) == Reason::none)
        value = value_of(moment);
      return;
    }
    const bool is_time = leaf.kind == ParquetKind::time;
    text_ = is_time ? "1970-01-01T" : "";
    text_ += text;
    if (read_iso(text_, moment, trouble) != Reason::none) return;
    value = is_time ? Value::time(moment.time, moment.digits) : value_of(moment);
  }

  std::string text_;
  std::string inside_;
  bool too_fine_ = false;
};

class ParquetEncoder final : public RowEncoder {
 public:
  explicit ParquetEncoder(const OutputFormat& format)
      : schema_(parquet_schema(format)), entries_(schema_.leaves.size()) {}

  void row(std::span<const Value> values, const RowAudit& audit, std::string_view /*rest*/,
           RowBlock& block) override {
    row_.clear();
    refusal_.reset();
    for (const ParquetNode& node : schema_.columns) {
      write(node, values, audit);
      if (row_.size() > most_ || refusal_) break;
    }
    if (row_.size() > kMostRowBytes)
      refusal_ = RowRefusal{.reason = Reason::rows_too_big,
                            .a = Value::integer(static_cast<std::int64_t>(kMostRowBytes))};
    block.refused = refusal_;
    block.bytes.append(row_.view());
  }

  void limit(std::size_t most) noexcept override {
    most_ = most;
    row_.give_back(kKeptBytes);
    for (Entries& entries : entries_) entries.bytes.give_back(kKeptBytes);
  }

 private:
  /// Of a leaf in a list.
  struct Entries {
    ByteBuffer bytes;
    std::uint32_t count = 0;
  };
  struct Level {
    std::uint8_t repetition = 0;
    std::uint8_t definition = 0;
  };

  // Recursion is bounded by the dots in a name of the mapping.
  void write(const ParquetNode& node, std::span<const Value> values, const RowAudit& audit) {
    switch (node.kind) {
      case ParquetNode::Kind::group:
        for (const ParquetNode& child : node.children) write(child, values, audit);
        return;
      case ParquetNode::Kind::list:
        write_list(node, values[node.value]);
        return;
      case ParquetNode::Kind::leaf:
        break;
    }
    if (node.audit) return write_audit(node, *node.audit, audit);
    write_value(node, values[node.value]);
  }

  void write_value(const ParquetNode& node, const Value& value) {
    const ParquetLeaf& leaf = schema_.leaves[node.first_leaf];
    const bool json_null = node.nullable && value.kind() == Kind::json &&
                           leaf.kind == ParquetKind::json && value.text() == "null";
    const bool there = !value.is_blank() && !json_null;
    if (node.nullable) put_byte(there ? 1 : 0, row_);
    const bool written = there ? values_.write(leaf, value, row_) : node.nullable;
    if (!written) refuse(leaf, node.value, value, false);
  }

  void write_audit(const ParquetNode& node, AuditColumn column, const RowAudit& audit) {
    const auto number = [&](std::uint64_t figure) {
      write_value(node,
                  audit.record == 0 ? Value() : Value::integer(static_cast<std::int64_t>(figure)));
    };
    switch (column) {
      case AuditColumn::file:
        return put_bytes(audit.file, row_);
      case AuditColumn::record:
        return number(audit.record);
      case AuditColumn::line:
        return number(audit.line);
      case AuditColumn::run:
        return put_bytes(audit.run, row_);
      case AuditColumn::corrected:
        return put_byte(audit.corrected ? 1 : 0, row_);
      case AuditColumn::key:
        return put_bytes(audit.key, row_);
      case AuditColumn::idempotency_key:
        return put_bytes(audit.idempotency_key, row_);
      case AuditColumn::operation:
        return put_bytes(audit.operation, row_);
    }
  }

  /// A list of objects, as JSON (`each`): its leaves side by side, then one behind another.
  void write_list(const ParquetNode& node, const Value& value) {
    for (std::size_t i = 0; i < node.leaves; ++i) {
      entries_[node.first_leaf + i].bytes.clear();
      entries_[node.first_leaf + i].count = 0;
    }
    write_items(node, value.is_blank() ? std::string_view() : value.text(), {});
    for (std::size_t i = 0; i < node.leaves; ++i) {
      const Entries& entries = entries_[node.first_leaf + i];
      put_plain(entries.count, row_);
      row_.append(entries.bytes.view());
    }
  }

  void write_null(const ParquetNode& node, Level level) {
    for (std::size_t i = 0; i < node.leaves; ++i) put_entry(node.first_leaf + i, level);
  }

  void put_entry(std::size_t leaf, Level level) {
    Entries& entries = entries_[leaf];
    ++entries.count;
    put_byte(level.repetition, entries.bytes);
    put_byte(level.definition, entries.bytes);
  }

  /// `level`: of definition, that of what the list is in. Recursion here and below is bounded by the
  /// nesting of `each` in the mapping.
  void write_items(const ParquetNode& node, std::string_view json, Level level) {
    if (json.empty() || json == "null") {
      if (!node.nullable) refuse(schema_.leaves[node.first_leaf], node.value, Value(), true);
      return write_null(node, level);
    }
    JsonWalk items(json);
    items.enter();
    bool any = false;
    while (items.more()) {
      write_members(node, items.value(),
                    {any ? node.repetition : level.repetition, node.definition});
      any = true;
    }
    if (!any) write_null(node, {level.repetition, static_cast<std::uint8_t>(node.definition - 1)});
  }

  /// The members of an object as the children of its node. One that was left out is blank.
  void write_members(const ParquetNode& node, std::string_view json, Level level) {
    const std::size_t from = members_.size();
    members_.resize(from + node.children.size());
    if (!json.empty()) {
      JsonWalk object(json);
      object.enter();
      std::size_t guess = 0;  // they come in the order of the columns
      while (object.more()) {
        key_.clear();
        append_json_unescaped(key_, object.key());
        const std::string_view value = object.value();
        for (std::size_t i = 0; i < node.children.size(); ++i) {
          const std::size_t at = (guess + i) % node.children.size();
          if (node.children[at].name != key_) continue;
          members_[from + at] = value;
          guess = at + 1;
          break;
        }
      }
    }
    for (std::size_t i = 0; i < node.children.size(); ++i)
      write_member(node.children[i], members_[from + i], level);
    members_.resize(from);
  }

  void write_member(const ParquetNode& node, std::string_view json, Level level) {
    if (node.kind == ParquetNode::Kind::group) return write_members(node, json, level);
    if (node.kind == ParquetNode::Kind::list) return write_items(node, json, level);
    const ParquetLeaf& leaf = schema_.leaves[node.first_leaf];
    const bool json_null = !node.nullable && leaf.kind == ParquetKind::json;  // it is none of ours
    const bool there = !json.empty() && (json != "null" || json_null);
    if (there) level.definition = node.definition;
    put_entry(node.first_leaf, level);
    Value value;
    const bool written =
        there ? values_.write(leaf, json, value, entries_[node.first_leaf].bytes) : node.nullable;
    if (!written) refuse(leaf, node.value, value, true);
  }

  /// `value`: of an item, where it is given.
  void refuse(const ParquetLeaf& leaf, std::size_t column, const Value& value, bool item) {
    if (refusal_) return;
    refusal_.emplace();
    refusal_->column = column;
    refused_ = plain(value);
    if (item) refusal_->found = Value::text(refused_);
    if (values_.too_fine()) {
      refusal_->reason = Reason::fraction_too_fine;
      refusal_->a = Value::integer(kMicrosecondDigits);
    } else {
      refusal_->reason = Reason::not_of_type;
      refusal_->a = Value::text(refused_);
      refusal_->b = Value::text(leaf.shown);
    }
  }

  ParquetSchema schema_;
  ValueWriter values_;
  std::vector<Entries> entries_;           // by leaf
  std::vector<std::string_view> members_;  // of the objects that are being written
  std::string key_;
  std::optional<RowRefusal> refusal_;
  std::string refused_;
  std::size_t most_ = SIZE_MAX;
  ByteBuffer row_;
};

}  // namespace

std::unique_ptr<RowEncoder> parquet_encoder(const OutputFormat& format) {
  return std::make_unique<ParquetEncoder>(format);
}

}  // namespace trama
