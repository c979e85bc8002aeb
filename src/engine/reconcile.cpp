#include "engine/reconcile.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/arena.h"
#include "base/phrase_codes.h"
#include "engine/csv_records.h"
#include "engine/records_path.h"
#include "json/record_reader.h"
#include "run/sorted_entries.h"
#include "source/input_files.h"
#include "source/source.h"
#include "value/dates.h"
#include "value/format.h"

namespace trama {
namespace {

constexpr std::size_t kMostFields = 10'000;  // different ones, over both sides
constexpr std::size_t kNamedFields = 10;     // in a message
constexpr std::uint32_t kNoField = UINT32_MAX;
constexpr std::int64_t kNoTime = INT64_MIN;
constexpr unsigned kLeft = 0;

/// The names of fields as numbers, in the order in which they come.
class Fields {
 public:
  /// kNoField where there are too many.
  std::uint32_t of(std::string_view name) {
    if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
    if (names_.size() >= kMostFields) return kNoField;
    names_.emplace_back(name);
    const auto number = static_cast<std::uint32_t>(names_.size() - 1);
    numbers_.emplace(names_.back(), number);
    return number;
  }
  [[nodiscard]] const std::string& name(std::uint32_t number) const { return names_[number]; }
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
};

struct Leaf {
  std::uint32_t field;
  std::string_view text;
};

/// What an entry holds beside its key: its time, its fields in their order, itself as it was written.
class Payload {
 public:
  static std::string of(std::int64_t time, std::vector<Leaf>& leaves, std::string_view written) {
    std::stable_sort(leaves.begin(), leaves.end(),
                     [](const Leaf& a, const Leaf& b) { return a.field < b.field; });
    std::string out;
    put(out, time);
    put(out, static_cast<std::uint32_t>(leaves.size()));
    for (const Leaf& leaf : leaves) {
      put(out, leaf.field);
      put(out, static_cast<std::uint32_t>(leaf.text.size()));
      out += leaf.text;
    }
    out += written;
    return out;
  }
  explicit Payload(std::string_view bytes) : bytes_(bytes) {
    time = get<std::int64_t>();
    const auto count = get<std::uint32_t>();
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto field = get<std::uint32_t>();
      const auto size = get<std::uint32_t>();
      leaves.push_back({field, bytes_.substr(0, size)});
      bytes_.remove_prefix(size);
    }
  }
  [[nodiscard]] std::string_view written() const noexcept { return bytes_; }

  std::int64_t time = kNoTime;
  std::vector<Leaf> leaves;

 private:
  template <typename Number>
  static void put(std::string& out, Number number) {
    char bytes[sizeof(number)];
    std::memcpy(bytes, &number, sizeof(number));
    out.append(bytes, sizeof(number));
  }
  template <typename Number>
  Number get() noexcept {
    Number number{};
    std::memcpy(&number, bytes_.data(), sizeof(number));
    bytes_.remove_prefix(sizeof(number));
    return number;
  }
  std::string_view bytes_;  // that are left
};

/// A plain number; not a code of digits whose zeros in front mean something.
bool is_number(std::string_view text, Decimal& out) noexcept {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool zeros = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
  return !zeros && read_decimal(text, out) == Reason::none;
}

bool is_csv(std::string name) {
  for (const std::string_view packed : {".gz", ".zst"})
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  return name.ends_with(".csv") || name.ends_with(".tsv");
}

class Reconciliation {
 public:
  Reconciliation(const ReconcileOptions& options,
                 const std::function<Result<void>(const Difference&)>& line,
                 const std::function<Result<void>(std::string_view)>& heal)
      : options_(options), line_(line), heal_(heal), entries_(options.memory / 2) {
    report_.names = {options.left, options.right};
    for (const std::string& field : options.key) key_.push_back(fields_.of(field));
    for (const std::string& field : options.fields) compared_.push_back(fields_.of(field));
    if (!options.by.empty()) by_ = fields_.of(options.by);
    for (const auto& [field, most] : options.tolerances)
      tolerances_.emplace_back(fields_.of(field), most);
  }

  Result<ReconcileReport> go() {
    for (unsigned side = 0; side < 2; ++side) {
      seen_.assign(fields_.size(), false);
      TRAMA_TRY_VOID(is_csv(name(side)) ? read_csv(side) : read_json(side));
      TRAMA_TRY_VOID(judge_fields(side));
      if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
    }
    TRAMA_TRY_VOID(entries_.finish());
    TRAMA_TRY_VOID(compare_all());
    return std::move(report_);
  }

 private:
  [[nodiscard]] const std::string& name(unsigned side) const {
    return side == kLeft ? options_.left : options_.right;
  }

  // ---- reading ----

  Result<void> read_json(unsigned side) {
    SourceOptions how;
    how.stop = options_.stop;
    if (!options_.records.empty()) {
      Phrase problem;
      if (!read_records_path(options_.records, how, problem))
        return Failure{FailureCode::usage, {std::move(problem)}};
    }
    TRAMA_TRY(const auto source, Source::open({name(side)}, how));
    RecordReader reader{WantedFields()};
    Split split;
    while (options_.stop->asked() == 0 && source->next(split))
      for (const Frame& frame : split.frames) {
        ++report_.records[side];
        const std::string_view bytes(frame.data, frame.size);
        leaves_.clear();
        arena_.reset();
        if (frame.kind != FrameKind::record || reader.read(bytes) != Reason::none) {
          TRAMA_TRY_VOID(without_key(side));
          continue;
        }
        path_.clear();
        flatten(reader.root());
        TRAMA_TRY_VOID(add(side, one_line(bytes)));
      }
    if (source->trouble()) return *source->trouble();
    return {};
  }

  /// A record as one line: raw line ends stand only between the parts of JSON,
  /// where a blank says the same.
  std::string_view one_line(std::string_view record) {
    if (record.find_first_of("\r\n") == std::string_view::npos) return record;
    line_of_record_ = record;
    for (char& c : line_of_record_)
      if (c == '\r' || c == '\n') c = ' ';
    return line_of_record_;
  }

  /// Every value of an object, also of those inside, by its path; a list as it is written.
  void flatten(const Node& object) {
    const std::size_t size = path_.size();
    for (NodeCursor cursor(object); cursor.next();) {
      if (size > 0) path_ += '.';
      path_ += cursor.key().text(arena_);
      const Node value = cursor.value();
      switch (value.kind()) {
        case JsonKind::missing:
        case JsonKind::null:
          see(path_);
          break;
        case JsonKind::object:
          flatten(value);
          break;
        case JsonKind::list:
          leaf(path_, value.raw());
          break;
        default:
          leaf(path_, value.text(arena_));
      }
      path_.resize(size);
    }
  }

  Result<void> read_csv(unsigned side) {
    InputFilesOptions how;
    how.stop = options_.stop;
    TRAMA_TRY(const auto files, InputFiles::open_all({name(side)}, how));
    TRAMA_TRY(const auto bytes, files->open(0));
    CsvRecords records(*bytes);
    const bool any = records.begin();
    if (any && side == kLeft && options_.heal) TRAMA_TRY_VOID(heal_(records.written()));
    for (const std::string& field : records.header()) see(field);
    while (any && options_.stop->asked() == 0 && records.next()) {
      ++report_.records[side];
      leaves_.clear();
      if (records.is_broken() || records.cells().size() != records.header().size()) {
        TRAMA_TRY_VOID(without_key(side));
        continue;
      }
      for (std::size_t i = 0; i < records.cells().size(); ++i)
        leaf(records.header()[i], records.cells()[i]);
      TRAMA_TRY_VOID(add(side, records.written()));
    }
    bytes->end();
    if (bytes->trouble()) return *bytes->trouble();
    return any ? Result<void>() : Failure{FailureCode::input_no_bytes, {shown_input(name(side))}};
  }

  std::uint32_t see(std::string_view field) {
    const std::uint32_t number = fields_.of(field);
    if (number == kNoField) {
      too_many_ = true;
      return kNoField;
    }
    if (seen_.size() <= number) seen_.resize(number + 1, false);
    seen_[number] = true;
    return number;
  }
  void leaf(std::string_view field, std::string_view text) {
    const std::uint32_t number = see(field);
    if (number != kNoField && !text.empty()) leaves_.push_back({number, text});
  }
  [[nodiscard]] std::string_view text_of(std::uint32_t field) const noexcept {
    for (const Leaf& one : leaves_)
      if (one.field == field) return one.text;
    return {};
  }

  /// The record that leaves_ have.
  Result<void> add(unsigned side, std::string_view written) {
    std::string key;
    for (std::size_t i = 0; i < key_.size(); ++i) {
      const std::string_view part = text_of(key_[i]);
      if (part.empty()) return without_key(side);
      append_key_part(key, i == 0, part);
    }
    std::int64_t time = kNoTime;
    if (by_ != kNoField) {
      std::int64_t read = 0;
      if (read_instant(text_of(by_), read)) time = read;
    }
    const auto is_left_out = [this](const Leaf& one) {
      if (!compared_.empty())
        return std::find(compared_.begin(), compared_.end(), one.field) == compared_.end();
      return std::find(key_.begin(), key_.end(), one.field) != key_.end();
    };
    std::erase_if(leaves_, is_left_out);
    const bool keeps = options_.heal && side == kLeft;
    const std::string payload = Payload::of(time, leaves_, keeps ? written : std::string_view());
    return entries_.add({key, side, report_.records[side], payload});
  }

  Result<void> without_key(unsigned side) {
    Difference difference;
    difference.kind = Difference::Kind::without_key;
    difference.at[side] = {report_.records[side], 1};
    return tell(difference);
  }

  /// A field that is asked for and that no record of a side has is a mistake.
  Result<void> judge_fields(unsigned side) {
    if (too_many_)
      return Failure{FailureCode::usage,
                     {Phrase(PhraseCode::reconcile_many_fields, {std::to_string(kMostFields)})}};
    if (report_.records[side] == 0) return {};
    std::vector<std::uint32_t> asked = key_;
    asked.insert(asked.end(), compared_.begin(), compared_.end());
    if (by_ != kNoField) asked.push_back(by_);
    for (const auto& [field, most] : tolerances_) asked.push_back(field);
    for (const std::uint32_t field : asked) {
      if (seen_[field]) continue;
      std::string has;
      std::size_t named = 0;
      for (std::uint32_t i = 0; i < seen_.size() && named < kNamedFields; ++i)
        if (seen_[i]) has += (named++ == 0 ? "" : ", ") + fields_.name(i);
      return Failure{FailureCode::usage,
                     {Phrase(PhraseCode::reconcile_no_field,
                             {shown_input(name(side)), fields_.name(field), has})}};
    }
    return {};
  }

  // ---- comparing ----

  struct Kept {
    unsigned side;
    std::uint64_t number;
    std::string payload;
  };

  /// Entries of one key at a time: one of each side is what there should be,
  /// and more are only counted.
  Result<void> compare_all() {
    std::string key;
    bool any = false;
    SortedEntry entry;
    for (;;) {
      TRAMA_TRY(const bool more, entries_.next(entry));
      if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
      if (any && (!more || entry.key != key)) TRAMA_TRY_VOID(compare(key));
      if (!more) return {};
      if (!any || entry.key != key) {
        key = entry.key;
        counts_ = {};
        any = true;
      }
      if (counts_[entry.side]++ == 0)
        kept_[entry.side] = {entry.side, entry.number, std::string(entry.payload)};
    }
  }

  /// The parts that append_key_part() put together.
  [[nodiscard]] static std::vector<std::string> parts_of(std::string_view key) {
    constexpr char kEscape = '\x1d';
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (key[i] == kBetweenKeyParts)
        parts.emplace_back();
      else if (key[i] == kEscape && i + 1 < key.size())
        parts.back() += key[++i] == '\x1f' ? kBetweenKeyParts : key[i];
      else
        parts.back() += key[i];
    }
    return parts;
  }

  Result<void> compare(const std::string& key) {
    Difference difference;
    difference.key = parts_of(key);
    std::array<std::optional<Payload>, 2> sides;
    for (unsigned side = 0; side < 2; ++side) {
      if (counts_[side] == 0) continue;
      sides[side].emplace(kept_[side].payload);
      difference.at[side] = {kept_[side].number, counts_[side]};
      if (sides[side]->time != kNoTime && sides[side]->time > options_.now - options_.grace) {
        ++report_.young;
        return {};
      }
    }
    using Kind = Difference::Kind;
    if (counts_[0] > 1 || counts_[1] > 1) {
      difference.kind = Kind::duplicate;
    } else if (!sides[1]) {
      difference.kind = Kind::missing;
    } else if (!sides[0]) {
      difference.kind = Kind::extra;
    } else {
      compare_fields(sides[0]->leaves, sides[1]->leaves, difference.fields);
      if (difference.fields.empty()) {
        ++report_.same;
        return {};
      }
      difference.kind = Kind::different;
    }
    const bool heals = difference.kind == Kind::missing || difference.kind == Kind::different;
    if (options_.heal && heals) TRAMA_TRY_VOID(heal_(sides[0]->written()));
    return tell(difference);
  }

  /// Both are sorted by field.
  void compare_fields(const std::vector<Leaf>& left, const std::vector<Leaf>& right,
                      std::vector<Difference::Field>& out) const {
    std::size_t l = 0;
    std::size_t r = 0;
    while (l < left.size() || r < right.size()) {
      const std::uint32_t at_left = l < left.size() ? left[l].field : kNoField;
      const std::uint32_t at_right = r < right.size() ? right[r].field : kNoField;
      const std::uint32_t field = std::min(at_left, at_right);
      const std::string_view a = at_left == field ? left[l++].text : std::string_view();
      const std::string_view b = at_right == field ? right[r++].text : std::string_view();
      if (!are_same(field, a, b))
        out.push_back({fields_.name(field), std::string(a), std::string(b)});
    }
  }

  [[nodiscard]] bool are_same(std::uint32_t field, std::string_view a, std::string_view b) const {
    if (a == b) return true;
    Decimal x;
    Decimal y;
    if (!is_number(a, x) || !is_number(b, y)) return false;
    if (trama::compare(x, y) == 0) return true;
    for (const auto& [of, most] : tolerances_) {
      if (of != field) continue;
      Decimal apart;
      const bool less = trama::compare(x, y) < 0;
      return subtract(less ? y : x, less ? x : y, apart) == Reason::none &&
             trama::compare(apart, most) <= 0;
    }
    return false;
  }

  Result<void> tell(const Difference& difference) {
    report_.add(difference);
    return line_(difference);
  }

  const ReconcileOptions& options_;
  const std::function<Result<void>(const Difference&)>& line_;
  const std::function<Result<void>(std::string_view)>& heal_;
  ReconcileReport report_;
  Fields fields_;
  std::vector<std::uint32_t> key_;
  std::vector<std::uint32_t> compared_;
  std::uint32_t by_ = kNoField;
  std::vector<std::pair<std::uint32_t, Decimal>> tolerances_;
  SortedEntries entries_;
  std::vector<bool> seen_;  // by field, on the side at hand
  bool too_many_ = false;
  std::vector<Leaf> leaves_;  // of the record at hand
  Arena arena_;
  std::string path_;
  std::string line_of_record_;
  std::array<std::uint64_t, 2> counts_{};  // of the key at hand, by side
  std::array<Kept, 2> kept_{};
};

}  // namespace

Result<ReconcileReport> reconcile(const ReconcileOptions& options,
                                  const std::function<Result<void>(const Difference&)>& line,
                                  const std::function<Result<void>(std::string_view)>& heal) {
  return Reconciliation(options, line, heal).go();
}

}  // namespace trama
