// Rejected records: one JSON line each, and the same for the screen.
// Words are made here, from the flat RecordErrors.
//
// A message tells the values that its reason quotes. Which of them come from the source (to be
// quoted, and hidden where they are personal) and which are the mapping's own words (a table's
// name, a shape) is a property of the reason: told_by().

#include "report/reject.h"

#include <algorithm>

#include "base/base64.h"
#include "base/terminal_text.h"
#include "base/utf8.h"
#include "json/json_text.h"
#include "report/shown_text.h"
#include "report/words.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kJsonValueCharacters = 200;
constexpr std::size_t kTooBigBytes = 4096;
/// Of a value, a path or the values of a rule, in a line of rejects; the record has them in full.
constexpr std::size_t kLineCharacters = 1000;

/// What a reason's values are: `source`: of the data, in quotes where text; `word`: the mapping's,
/// or a count that tells nothing about a person; `derived`: made of the data, shown without quotes.
enum class Tells : std::uint8_t { source, derived, word };
struct Telling {
  Tells a;
  Tells b;
};

/// A reason that is not listed is taken to tell something about the value,
/// which keeps personal values safe.
Telling told_by(Reason reason) noexcept {
  using enum Tells;
  switch (reason) {
    case Reason::repeated_key:
    case Reason::field_not_used:
    case Reason::field_new:
    case Reason::rest_name_taken:
    case Reason::not_a_country:
    case Reason::not_a_currency:
    case Reason::currency_sign:
    case Reason::currency_withdrawn:
    case Reason::minor_units_unknown:
    case Reason::minor_units_fraction:
    case Reason::zone_unknown:
    case Reason::duration_shape:
    case Reason::not_yes_or_no:
    case Reason::number_shape:
    case Reason::number_exponent:
    case Reason::date_shape:
    case Reason::number_rounds:
    case Reason::not_in_table:
    case Reason::not_that_day:
    case Reason::lookup_day_blank:
    case Reason::unknown_kept:
    case Reason::unknown_blank:
    case Reason::no_match:
    case Reason::not_listed:
    case Reason::not_comparable:
    case Reason::rank_not_read:
    case Reason::rank_no_zone:
    case Reason::rank_zone_blank:
    case Reason::rank_zone_unknown:
    case Reason::rank_time_skipped:
    case Reason::rank_time_twice:
    case Reason::ranks_differ:
    case Reason::ranks_need_offset:
    case Reason::below:
    case Reason::above:
    case Reason::duplicate_of:
    case Reason::duplicate_of_others:
      return {source, word};
    case Reason::unknown_written:
    case Reason::currencies_differ:
    case Reason::currencies_mixed:
    case Reason::item_ranks_differ:
    case Reason::values_differ:
      return {source, source};
    case Reason::duration_rounds:
    case Reason::not_of_type:
      return {derived, word};
    case Reason::number_two_ways:
    case Reason::date_month_unknown:
    case Reason::date_weekday_unknown:
      return {source, derived};
    case Reason::product_rounds:
    case Reason::text_not_json:
    case Reason::json_not_object:
    case Reason::not_utf8:
    case Reason::too_big:
    case Reason::too_deep:
    case Reason::path_through_scalar:
    case Reason::path_needs_list:
    case Reason::no_items:
    case Reason::no_list:
    case Reason::needs_entries:
    case Reason::rows_over:
    case Reason::rows_too_big:
    case Reason::cell_too_long:
    case Reason::items_over:
    case Reason::not_wanted:
    case Reason::needs_scalar:
    case Reason::needs_list:
    case Reason::needs_object:
    case Reason::kind_not_comparable:
    case Reason::needs_text:
    case Reason::more_than_one:
    case Reason::lists_differ:
    case Reason::duration_has_months:
    case Reason::blank:
    case Reason::longer:
    case Reason::shorter:
    case Reason::undecided:
    case Reason::rank_blank:
    case Reason::key_blank:
    case Reason::currency_blank:
    case Reason::target_blank:
    case Reason::currency_not_there:
    case Reason::zone_blank:
    case Reason::minor_units_blank:
    case Reason::rule:
    case Reason::schema:
    case Reason::nul_in_text:
    case Reason::integer_too_big:
    case Reason::text_length:
    case Reason::row_left_out:
    case Reason::fraction_too_fine:
      return {word, word};
    case Reason::entries_differ:  // a key, and which object lacks it
      return {derived, word};
    case Reason::json_syntax:  // what is wrong, and perhaps how the record begins
      return {word, derived};
    default:
      return {derived, derived};
  }
}

const ReportNames::Column* column_of(const RecordError& error, const ReportNames& names) noexcept {
  return error.column < names.columns.size() ? &names.columns[error.column] : nullptr;
}

const ReportNames::Rule* rule_of(const RecordError& error, const ReportNames& names) noexcept {
  return error.rule < names.rules.size() ? &names.rules[error.rule] : nullptr;
}

/// Whether what the error quotes is personal: by its column, its rule or another word of the
/// mapping that reads something personal, or by where it was found.
bool is_personal(const RecordError& error, const ReportNames& names) {
  const ReportNames::Column* column = column_of(error, names);
  if (column != nullptr && column->personal) return true;
  const ReportNames::Rule* rule = rule_of(error, names);
  if (rule != nullptr && rule->personal) return true;
  if (error.personal) return true;
  if (names.personal.empty()) return false;
  // Of what is not JSON nobody knows which of its characters are personal.
  if (error.reason == Reason::json_syntax || error.reason == Reason::text_not_json) return true;
  const std::vector<std::uint32_t>& words = names.personal_words;
  if (std::find(words.begin(), words.end(), error.place) != words.end()) return true;
  return !error.path.empty() && names.personal.hides(error.path);
}

/// What the reason quotes, with the keys of it that are personal hidden.
Value quoted_by(const RecordError& error, const ReportNames& names, std::string& hidden) {
  const bool field = error.reason == Reason::field_not_used || error.reason == Reason::field_new;
  if (!field || names.personal.empty()) return error.a;
  hidden = names.personal.shown_field(error.a.text());
  return Value::text(hidden);
}

/// What was found, as text; a piece of JSON is shortened.
std::string found(const Value& value) {
  if (value.kind() != Kind::json) return plain(value);
  return shortened(on_one_line(value.text(), 4 * kJsonValueCharacters), kJsonValueCharacters);
}

bool is_found_value(const Value& told, const Value& value) {
  return value.kind() == Kind::text && !told.is_blank() && plain(told) == value.text();
}

/// A text as errors tell it: the parts of a composite key apart.
std::string told_text(std::string_view text, const RecordError& error) {
  std::string out(text);
  const bool key = error.reason == Reason::not_in_table || error.reason == Reason::not_that_day ||
                   error.reason == Reason::lookup_day_blank ||
                   code_of(error.reason) == RecordCode::duplicate_record;
  if (!key) return out;
  for (auto at = out.find(kBetweenKeyParts); at != std::string::npos;
       at = out.find(kBetweenKeyParts, at))
    out.replace(at, 1, " / ");
  return out;
}

ToldValue quoted(std::string_view text) {
  return {ToldValue::Form::quoted, shortened(text)};
}

ToldValue plain_text(std::string_view text, std::size_t characters = kShownCharacters) {
  return {ToldValue::Form::plain, shortened(text, characters)};
}

ToldValue tell(const Value& told, Tells kind, const RecordError& error, bool personal) {
  if (told.is_blank()) return {};
  if (personal && kind != Tells::word) return {ToldValue::Form::hidden};
  const bool text = told.kind() == Kind::text && told.origin() == Origin::text;
  const bool number = error.value.origin() != Origin::text && is_found_value(told, error.value);
  const bool quote =
      text && !number &&
      (kind == Tells::source || (kind == Tells::derived && is_found_value(told, error.value)));
  if (quote) return quoted(told_text(told.text(), error));
  return plain_text(plain(told), kind == Tells::source ? kShownCharacters : kJsonValueCharacters);
}

/// Whether the message of `error` itself shows what was found.
bool message_tells_value(const RecordError& error) {
  if (!shows_first_value(error.reason)) return false;
  return told_by(error.reason).a == Tells::source || is_found_value(error.a, error.value);
}

std::string_view rule_message_of(const RecordError& error, const ReportNames& names) noexcept {
  const ReportNames::Rule* rule = rule_of(error, names);
  return rule == nullptr ? std::string_view() : std::string_view(rule->message);
}

/// What the table knows that does not hold the value. The keys of a table of personal values are
/// personal too, wherever it is written.
std::string known_by_table(const RecordError& error, const KnownKeys* here,
                           const ReportNames& names) {
  if (error.reason != Reason::not_in_table || is_personal(error, names)) return {};
  const std::string table = plain(error.b);
  if (here != nullptr) {
    if (const auto known = here->find(table); known != here->end()) return known->second;
  }
  const auto known = names.known.find(table);
  return known == names.known.end() ? std::string() : known->second;
}

// The JSON line ---------------

class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  void key(std::string_view name) {
    if (out_.back() != '{') out_.append(", ", 2);
    out_ += '"';
    out_ += name;
    out_.append("\": ", 3);
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    out_ += std::to_string(value);
  }
  void yes(std::string_view name) {
    key(name);
    out_ += "true";
  }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
};

/// Raw line ends stand only between the parts of JSON; a blank says the same there.
void append_without_line_ends(std::string& out, std::string_view json) {
  const std::size_t from = out.size();
  out.append(json);
  if (json.find('\n') == std::string_view::npos && json.find('\r') == std::string_view::npos)
    return;
  for (std::size_t i = from; i < out.size(); ++i)
    if (out[i] == '\n' || out[i] == '\r') out[i] = ' ';
}

std::string_view first_bytes(std::string_view text, std::size_t size) noexcept {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

void add_source_text(Members& members, std::string& out, std::string_view bytes) {
  if (first_invalid_utf8(bytes) == kValidUtf8) {
    members.text("source_text", bytes);
    return;
  }
  members.key("source_base64");
  out += '"';
  append_base64(out, bytes);
  out += '"';
}

void hide_source(Members& members) {
  members.text("source_hidden",
               "the record is not JSON, so personal values cannot be told from others");
}

/// Whether nobody knows which of its characters are personal.
bool is_dark(const RejectedRecord& record) noexcept {
  return record.too_big || !record.is_json || record.document != RejectedRecord::Document::no;
}

bool masks(const ReportNames& names) noexcept {
  return names.mask_source && !names.personal.empty();
}

void add_source(Members& members, std::string& out, const RejectedRecord& record,
                const ReportNames& names) {
  const bool mask = masks(names);
  if (record.too_big) {
    if (mask) {
      hide_source(members);
    } else {
      add_source_text(members, out, first_bytes(record.bytes, kTooBigBytes));
    }
    members.number("source_bytes", std::max<std::uint64_t>(record.whole_size, record.bytes.size()));
  } else if (!record.is_json || (mask && record.document != RejectedRecord::Document::no)) {
    if (mask) return hide_source(members);
    add_source_text(members, out, record.bytes);
  } else if (!mask) {
    members.key("source");
    append_without_line_ends(out, record.bytes);
  } else {
    std::string masked;
    if (!append_masked(masked, record.bytes, names.personal)) return hide_source(members);
    members.key("source");
    out += masked;
  }
}

/// Where `c` stood in the record, whose line shows a blank there.
void add_places(Members& members, std::string& out, std::string_view name, std::string_view bytes,
                char c) {
  std::size_t at = bytes.find(c);
  if (at == std::string_view::npos) return;
  members.key(name);
  for (char before = '['; at != std::string_view::npos; at = bytes.find(c, at + 1)) {
    out += before;
    out += std::to_string(at);
    before = ',';
  }
  out += ']';
}

/// The digest of the record's own bytes, as far as they are kept. Of a masked one it would let
/// guess what was hidden.
void add_record_digest(Members& members, std::string& out, const RejectedRecord& record,
                       const ReportNames& names, Sha256& digest) {
  if (masks(names)) return;
  digest.add(record.too_big ? first_bytes(record.bytes, kTooBigBytes) : record.bytes);
  members.key("source_sha256");
  out += '"';
  append_hex(out, digest.take());
  out += '"';
}

/// What `trama replay` needs beside the record: RejectReader reads it.
void add_replay(Members& members, std::string& out, const RejectedRecord& record,
                const ReportNames& names) {
  members.key("replay");
  Members replay(out);
  replay.text("records", names.terms.records);
  if (!names.terms.duplicates.empty()) replay.text("duplicates", names.terms.duplicates);
  if (record.column > 1) replay.number("column", record.column);
  if (record.rest) replay.yes("rest");
  using Document = RejectedRecord::Document;
  if (record.document == Document::no_records) replay.text("no_records", record.document_words);
  if (record.document == Document::error_answer) replay.text("error_answer", record.document_words);
  if (masks(names)) {
    replay.yes("masked");
  } else {
    if (record.is_json && record.entry_key.size() >= 2) {
      std::string key;
      append_json_unescaped(key, record.entry_key.substr(1, record.entry_key.size() - 2));
      if (first_invalid_utf8(key) == kValidUtf8) replay.text("key", key);
    }
    if (record.is_json) {
      add_places(replay, out, "line_ends", record.bytes, '\n');
      add_places(replay, out, "carriage_returns", record.bytes, '\r');
    }
  }
  replay.end();
}

/// The value that was found, which is not missing or null.
std::string line_value(const RecordError& error, bool personal) {
  const Kind kind = error.value.kind();
  if (personal && kind != Kind::empty) return std::string(kHidden);
  if (kind == Kind::text) return told_text(shortened(error.value.text(), kLineCharacters), error);
  return found(error.value);
}

void add_value(Members& members, std::string& out, const RecordError& error, bool personal) {
  const Kind kind = error.value.kind();
  if (kind == Kind::missing && error.column == kNoColumn) return;
  if (kind == Kind::missing || kind == Kind::null) {
    members.key("value");
    out += "null";
  } else {
    members.text("value", line_value(error, personal));
  }
}

std::string data_at(const DataPlace& at) {
  return std::to_string(at.line) + ':' + std::to_string(at.column);
}

void add_error(std::string& out, DataPlaces& places, const RecordError& error,
               const ReportNames& names) {
  const bool personal = is_personal(error, names);
  const ReportNames::Column* column = column_of(error, names);
  const ReportNames::Rule* rule = rule_of(error, names);
  Members members(out);
  members.text("code", name(code_of(error.reason)));
  if (column != nullptr) members.text("column", column->name);
  if (rule != nullptr) members.text("rule", rule->name);
  if (!error.path.empty())
    members.text("path", shortened(names.personal.shown_pointer(error.path), kLineCharacters));
  add_value(members, out, error, personal);
  members.text("message",
               message_of(told_of(error, names), names.language, rule_message_of(error, names)));
  if (column != nullptr && !column->message.empty())
    members.text("column_message", column->message);
  if (error.reason == Reason::rule && !error.b.is_blank())
    members.text("values", shortened(plain(error.b), kLineCharacters));
  if (!error.item.empty()) members.text("item", error.item);
  if (error.row > 0) members.number("row", error.row);
  if (error.byte != kNoByte) members.text("data_at", data_at(places.of(error.byte)));
  if (error.place < names.places.size()) members.text("mapping_at", names.places[error.place]);
  members.end();
}

std::string_view word(Stage stage) noexcept {
  switch (stage) {
    case Stage::read:
      return "read";
    case Stage::map:
      return "map";
    case Stage::rule:
      return "rule";
    case Stage::duplicate:
      return "duplicate";
    case Stage::write:
      return "write";
  }
  return "";
}

std::string_view source_name(const RejectedRecord& record, const ReportNames& names) noexcept {
  return record.source < names.sources.size() ? std::string_view(names.sources[record.source])
                                              : std::string_view();
}

std::string_view shown_id(const RejectedRecord& record) noexcept {
  return record.id_personal && !record.id.empty() ? kHidden : record.id;
}

// The screen ---------------

/// The value that was found as the screen shows it; nothing where what is told tells it, and of
/// rules and rates, which are about something else.
ToldValue shown_value(const RecordError& error, const ReportNames& names) {
  const bool elsewhere =
      error.reason == Reason::rule || code_of(error.reason) == RecordCode::rate_missing;
  if (elsewhere || error.value.is_blank() || message_tells_value(error)) return {};
  if (is_personal(error, names)) return {ToldValue::Form::hidden};
  const bool text = error.value.kind() == Kind::text && error.value.origin() == Origin::text;
  return text ? quoted(error.value.text()) : plain_text(found(error.value));
}

ShownReject::Error shown_error(const RejectedRecord& record, DataPlaces& places,
                               const RecordError& error, const ReportNames& names) {
  ShownReject::Error shown;
  shown.about = about_of(error);
  shown.told = told_of(error, names);
  if (error.reason == Reason::rule)
    shown.told.b = plain_text(plain(error.b), kJsonValueCharacters);  // what its columns hold
  shown.found = shown_value(error, names);
  if (shown.found.form == ToldValue::Form::none)
    shown.known = known_by_table(error, record.known, names);
  shown.item = shortened(error.item, kKeptCharacters);
  shown.row = error.row;
  if (error.byte != kNoByte && code_of(error.reason) != RecordCode::rate_missing) {
    const DataPlace at = places.of(error.byte);
    shown.line = at.line;
    shown.column = at.column;
  }
  if (error.place < names.places.size()) shown.place = error.place;
  return shown;
}

/// The beginning of the record. What is personal is hidden here, whatever the rejects keep.
ShownSource shown_source(const RejectedRecord& record, const ReportNames& names) {
  using Form = ShownSource::Form;
  ShownSource shown;
  shown.bytes = std::max<std::uint64_t>(record.whole_size, record.bytes.size());
  if (names.personal.empty()) {
    shown.form = record.is_json && !record.too_big ? Form::json : Form::text;
    shown.text = first_bytes(record.bytes, kShownSourceBytes);
    shown.cut = shown.text.size() < shown.bytes;
    return shown;
  }
  std::string masked;
  if (is_dark(record) ||
      !append_masked(masked, record.bytes, names.personal, kShownSourceBytes + 1)) {
    shown.form = Form::hidden;
    return shown;
  }
  shown.form = Form::json;
  shown.cut = masked.size() > kShownSourceBytes;
  shown.text = first_bytes(masked, kShownSourceBytes);
  return shown;
}

}  // namespace

bool is_hidden(const RecordError& error, const ReportNames& names) {
  return is_personal(error, names);
}

About about_of(const RecordError& error) noexcept {
  if (error.column != kNoColumn) return {About::Kind::column, error.column};
  if (error.rule != kNoRule) return {About::Kind::rule, error.rule};
  return {};
}

Told told_of(const RecordError& error, const ReportNames& names) {
  if (error.reason == Reason::rule) {
    if (!rule_message_of(error, names).empty()) return {Reason::rule};  // it says all
    return {Reason::rule, {ToldValue::Form::plain, plain(error.a)}};
  }
  const bool personal = is_personal(error, names);
  const auto told = told_by(error.reason);
  std::string hidden;
  return {error.reason, tell(quoted_by(error, names, hidden), told.a, error, personal),
          tell(error.b, told.b, error, personal)};
}

/// Those that are told.
std::span<const RecordError> first_errors(const RejectedRecord& record, std::size_t most) {
  return record.errors.first(std::min(record.errors.size(), most));
}

void append_reject(std::string& out, const RejectedRecord& record, const ReportNames& names,
                   Sha256& digest) {
  const std::size_t begin = out.size();
  Members members(out);
  members.text("run", names.run);
  members.text("mapping", names.mapping);
  members.text("mapping_sha256", names.mapping_sha256);
  members.text("file", source_name(record, names));
  members.number("record", record.number);
  members.number("line", record.line);
  members.number("byte", record.byte);
  if (!record.id.empty()) members.text("id", shown_id(record));
  members.text("stage", word(record.stage));
  add_replay(members, out, record, names);
  members.key("errors");
  out += '[';
  bool first = true;
  DataPlaces places = places_of(record);
  for (const RecordError& error : first_errors(record, kToldErrors)) {
    if (!first) out.append(", ", 2);
    first = false;
    add_error(out, places, error, names);
  }
  out += ']';
  if (record.errors.size() > kToldErrors)
    members.number("more_errors", record.errors.size() - kToldErrors);
  add_record_digest(members, out, record, names, digest);
  add_source(members, out, record, names);
  digest.add(std::string_view(out).substr(begin));
  out += kRejectDigest;
  append_hex(out, digest.take());
  out += kRejectEnd;
  out += '\n';
}

std::vector<RejectedError> rejected_errors(const RejectedRecord& record, const ReportNames& names) {
  std::vector<RejectedError> rows;
  DataPlaces places = places_of(record);
  for (const RecordError& error : first_errors(record, kToldErrors)) {
    const ReportNames::Column* column = column_of(error, names);
    const ReportNames::Rule* rule = rule_of(error, names);
    const bool valued = error.value.kind() != Kind::missing && error.value.kind() != Kind::null;
    RejectedError& row = rows.emplace_back();
    row.file = source_name(record, names);
    row.id = shown_id(record);
    row.data_at = data_at(error.byte != kNoByte ? places.of(error.byte)
                                                : DataPlace{record.line, record.column});
    row.column = column != nullptr ? column->name : rule != nullptr ? rule->name : "";
    row.code = name(code_of(error.reason));
    if (valued) row.value = line_value(error, is_personal(error, names));
    row.message = message_of(told_of(error, names), names.language, rule_message_of(error, names));
    if (column != nullptr) row.column_message = column->message;
  }
  return rows;
}

ShownReject shown_reject(const RejectedRecord& record, const ReportNames& names) {
  ShownReject shown;
  shown.at = {record.source, record.number, record.line,
              shortened(shown_id(record), kKeptCharacters)};
  DataPlaces places = places_of(record);
  const auto told = first_errors(record, kShownErrors);
  for (const RecordError& error : told)
    shown.errors.push_back(shown_error(record, places, error, names));
  shown.more_errors = record.errors.size() - told.size();
  if (names.page) shown.source = shown_source(record, names);
  return shown;
}

}  // namespace trama
