#include "run/split_mapper.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"
#include "report/shown_text.h"
#include "report/words.h"
#include "sink/format.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kErrorShown = 200;   // characters of an error answer
constexpr std::size_t kRowsPerRecord = 4;  // bytes of rows for a byte of the largest record

std::string_view bytes_of(const Frame& frame) noexcept {
  return {frame.data, frame.size};
}

}  // namespace

void SplitResult::clear() {
  first = 0;
  full_at = SIZE_MAX;
  duplicates.clear();
  empty_texts();
  summary = {};
  events.clear();
  stopped = false;
  failure.reset();
}

void SplitResult::empty_texts() {
  for (std::string* const text : {&rows.bytes, &rejects, &rejects_table, &notes})
    if (text->capacity() > keeps) *text = {};  // of an unusual split
  rows.cut({});
  rejects.clear();
  rejects_table.clear();
  notes.clear();
}

SplitMapper::SplitMapper(const Plan& plan, const ReportNames& names, std::int64_t now,
                         std::size_t max_record_bytes, std::size_t rows_bytes)
    : plan_(plan),
      names_(names),
      max_record_bytes_(max_record_bytes),
      rows_bytes_(rows_bytes != 0 ? rows_bytes
                                  : std::max(kMaxRowsBytes, kRowsPerRecord * max_record_bytes)),
      few_bytes_(rows_bytes_),
      mapper_(plan, now, kMaxDepth, rows_bytes_),
      encoder_(plan.format->encoder(plan.output)),
      row_check_(plan.row_schema ? std::make_unique<RowCheck>(plan) : nullptr) {
  const std::vector<std::string>& audit = plan.output.audit_columns;
  if (std::find(audit.begin(), audit.end(), "idempotency_key") != audit.end())
    idempotency_ = std::make_unique<IdempotencyKeys>(plan);
  if (names.table) rejects_table_.emplace();
  limit_rows(rows_bytes_);
}

/// Says how many bytes a row may have.
void SplitMapper::limit_rows(std::size_t most) {
  encoder_->limit(most);
  if (idempotency_) idempotency_->limit(most);
  if (operation_) operation_->limit(most);
}

void SplitMapper::tell(Operations& operations) {
  operation_.emplace(plan_, operations);
  limit_rows(few_bytes_);
}

void SplitMapper::ask_at(std::size_t size, std::function<void()> wait) {
  few_bytes_ = std::min(size, rows_bytes_);
  wait_ = std::move(wait);
  mapper_.ask_at(few_bytes_, [this] { wait_for_turn(); });
  limit_rows(few_bytes_);
}

const RecordKey& SplitMapper::key(const Frame& frame) {
  return mapper_.key(bytes_of(frame), frame.key);
}

RecordRef SplitMapper::ref(const SplitResult& result, const Frame& frame,
                           std::string_view id) const {
  const std::string_view shown = plan_.id_personal && !id.empty() ? kHidden : id;
  return {result.split.source, frame.number, frame.line, shortened(shown, kKeptCharacters)};
}

std::string SplitMapper::shown_id(const SplitResult& result, const Frame& frame) {
  return ref(result, frame, id_of(frame)).id;
}

std::string_view SplitMapper::id_of(const Frame& frame) {
  return mapper_.id_of(bytes_of(frame), frame.key);
}

void SplitMapper::begin(SplitResult& result) {
  result.summary = {};
  result.empty_texts();
  result.events.clear();
  result.stopped = false;
  result.summary.columns.resize(plan_.columns.size());
  if (operation_) result.summary.operations.emplace();
  mapper_.watch_anew();
  mapper_.tally_fields();
  result.error_answers = 0;
  result.first_error_answer.clear();
}

void SplitMapper::finish(SplitResult& result) {
  encoder_->finish(result.rows);
  result.summary.made_safe = result.rows.made_safe;
  for (const Mapper::FieldAgain& field : mapper_.take_fields_again())
    result.summary.warn_again(warning_of(field.warning), field.count);
  for (const Watched watched : mapper_.watched())
    result.summary.fields.push_back(watched == Watched::there       ? FieldSeen::there
                                    : watched == Watched::not_there ? FieldSeen::not_there
                                                                    : FieldSeen::not_looked_for);
}

void SplitMapper::map(SplitResult& result, std::size_t end_frame) {
  tables_ = nullptr;
  may_wait_ = false;
  begin(result);
  for (std::size_t i = result.first; i < end_frame && !result.stopped; ++i) {
    if (!result.split.beside.empty()) use_tables(result.split, i);
    record(result, i);
  }
  finish(result);
}

void SplitMapper::map(SplitResult& result, const TakePiece& take) {
  tables_ = nullptr;
  may_wait_ = true;
  begin(result);
  const std::size_t frames = result.split.frames.size();
  for (std::size_t i = 0; i < frames && !result.stopped; ++i) {
    if (!result.split.beside.empty()) use_tables(result.split, i);
    record(result, i);
    if (result.made() < result.full_at || i + 1 == frames || result.stopped) continue;
    if (!take(result)) return;
    if (result.first == i + 1) begin(result);  // else it goes on
  }
  finish(result);
}

/// Those of the document that the frame is from.
void SplitMapper::use_tables(const Split& split, std::size_t at) {
  const auto next = std::find_if(split.beside.begin(), split.beside.end(),
                                 [at](const Split::Beside& beside) { return beside.from > at; });
  if (next == split.beside.begin()) return;
  const BesideRecords* const here = std::prev(next)->records.get();
  const auto* const tables = static_cast<const DumpTables*>(here);  // as DumpTables::options says
  if (tables == tables_) return;
  tables_ = tables;
  mapper_.use_tables(tables_->tables(), tables_->rates());
}

void SplitMapper::record(SplitResult& result, std::size_t at) {
  const Frame& frame = result.split.frames[at];
  if (frame.size > few_bytes_) wait_for_turn();
  ++result.summary.read;
  result.summary.bytes += frame.whole_size;
  if (frame.kind != FrameKind::record) {
    no_record(result, at);
    return;
  }
  const DuplicateDecision* duplicate = result.duplicates.empty() ? nullptr : &result.duplicates[at];
  if (duplicate != nullptr && duplicate->kind == DuplicateDecision::Kind::leave_out) {
    ++result.summary.parsed;
    ++result.summary.duplicates;
    return;
  }
  if (duplicate != nullptr && duplicate->kind != DuplicateDecision::Kind::keep) {
    reject_duplicate(result, at, *duplicate);
    return;
  }
  const MappedRecord& mapped = mapper_.map(bytes_of(frame), frame.key);
  // Nothing says that a record which is too deep is no JSON, but nobody looked.
  const bool too_deep = !mapped.errors.empty() && mapped.errors.front().reason == Reason::too_deep;
  if (mapped.is_json || too_deep) ++result.summary.parsed;
  result.summary.items_left_out += mapped.items_left_out;
  if (mapped.stop) result.stopped = true;
  const bool blank_key = duplicate != nullptr && duplicate->blank_key;
  if (!mapped.warnings.empty() || blank_key) warn(result, at, mapped, blank_key);
  if (mapped.fields_again > 0) note_warnings(result, at, mapped.fields_again);
  switch (mapped.state) {
    case RecordState::written:
      make(result, at, mapped);
      break;
    case RecordState::skipped:
      ++result.summary.skipped;
      break;
    case RecordState::rejected:
      reject(result, at, mapped);
  }
  if (mapper_.made_much()) mapper_.give_back();
}

/// A record without errors: its rows, unless their schema, or what is known of it, has none of it.
void SplitMapper::make(SplitResult& result, std::size_t at, const MappedRecord& mapped) {
  const Frame& frame = result.split.frames[at];
  if (operation_ && !decide(result, at, mapped)) return;
  const std::span<const RecordError> errors =
      row_check_ ? schema_errors(result, frame, mapped) : std::span<const RecordError>();
  if (!errors.empty()) return reject_written(result, at, mapped, errors);
  if (!refused_.empty()) {
    if (const auto found = refused_.find(frame.number); found != refused_.end()) {
      RecordError error;
      error.reason = found->second.reason;
      error.a = Value::text(found->second.words);
      error.personal = found->second.quotes && !plan_.personal.empty();
      return reject_written(result, at, mapped, {&error, 1});
    }
  }
  switch (written(result, frame, mapped)) {
    case Written::yes:
      if (operation_) count_operation(result);
      return;
    case Written::too_big:
      return too_big(result, at);
    case Written::refused:
      return reject_written(result, at, mapped, {&refusal_, 1});
  }
}

/// A record without errors whose rows are not to be had as they are.
void SplitMapper::reject_written(SplitResult& result, std::size_t at, const MappedRecord& mapped,
                                 std::span<const RecordError> errors) {
  RejectedRecord record = refused(result, at);
  record.is_json = true;
  record.id = mapped.id;
  record.stage = Stage::write;
  record.errors = errors;
  rejected(result, at, record);
}

/// What is new about the record. False where nothing is to be written of it.
bool SplitMapper::decide(SplitResult& result, std::size_t at, const MappedRecord& mapped) {
  bool read = operation_->read(mapped.rows, mapped.row_count, mapper_.rest());
  if (!read && few_bytes_ != rows_bytes_) {
    wait_for_turn();
    operation_->limit(rows_bytes_);
    read = operation_->read(mapped.rows, mapped.row_count, mapper_.rest());
    operation_->limit(few_bytes_);
  }
  if (!read) {
    too_big(result, at);
    return false;
  }
  Result<RecordOperation::Decision> decided = operation_->decide(mapped.key, mapped.newer);
  if (!decided.ok()) {
    result.failure = std::move(decided.failure());
    result.stopped = true;
    return false;
  }
  decision_ = decided.value();
  if (decision_.not_comparable) {
    RecordError error = mapper_.rank_error(plan_.identity->newer, Reason::rank_not_as_known);
    const std::string_view known = describe(*decision_.not_comparable);
    error.b = Value::text(known);
    RejectedRecord record = refused(result, at);
    record.is_json = true;
    record.id = mapped.id;
    record.stage = Stage::map;
    record.errors = {&error, 1};
    rejected(result, at, record);
    return false;
  }
  if (!decision_.left_out) return true;
  ++result.summary.skipped;
  count_operation(result);
  return false;
}

void SplitMapper::count_operation(SplitResult& result) {
  ++(*result.summary.operations)[static_cast<std::size_t>(decision_.operation)];
  operation_->note(result.notes);
}

/// So that what it is of is not told as gone.
void SplitMapper::note_rejected(SplitResult& result, std::size_t at) {
  const Frame& frame = result.split.frames[at];
  std::optional<std::string_view> key;
  if (frame.kind == FrameKind::record) key = mapper_.identity_of(bytes_of(frame), frame.key);
  Result<void> noted = operation_->note_rejected(key, result.notes);
  if (noted.ok()) return;
  result.failure = std::move(noted.failure());
  result.stopped = true;
}

Result<void> SplitMapper::gone(const KnownThings::Entry& entry, RowBlock& block) {
  const std::vector<Value> blank(plan_.columns.size(), Value::blank(Kind::missing));
  RowAudit audit;
  audit.run = names_.run;
  audit.key = entry.text;
  audit.operation = word_of(Operation::remove);
  std::string idempotency;
  if (idempotency_) {
    idempotency = idempotency_->of_gone(entry.text, bytes_of(entry.version.content));
    audit.idempotency_key = idempotency;
  }
  encoder_->row(blank, audit, {}, block);
  if (!block.refused) return {};
  const RowRefusal& refused = *block.refused;
  std::vector<Phrase> values = {plain(refused.a)};
  if (!refused.b.is_blank()) values.emplace_back(plain(refused.b));
  const Phrase why(refused.reason, std::move(values));
  return Failure{FailureCode::output_unwritable,
                 {PhraseCode::the_output, Phrase(PhraseCode::sink_key_of_gone, {why})}};
}

/// A record that has errors.
void SplitMapper::reject(SplitResult& result, std::size_t at, const MappedRecord& mapped) {
  RejectedRecord record = refused(result, at);
  record.is_json = mapped.is_json;
  record.id = mapped.id;
  record.stage = mapped.stage == RecordStage::read   ? Stage::read
                 : mapped.stage == RecordStage::rule ? Stage::rule
                                                     : Stage::map;
  record.errors = mapped.errors;
  const RecordError& first = mapped.errors.front();
  if (first.reason == Reason::error_record) note_error_answer(result, plain(first.a));
  rejected(result, at, record);
}

/// A frame that is not to be read as a record.
void SplitMapper::no_record(SplitResult& result, std::size_t at) {
  const FrameKind kind = result.split.frames[at].kind;
  if (kind == FrameKind::left_out) {
    ++result.summary.duplicates;
  } else if (kind == FrameKind::no_records || kind == FrameKind::error_answer) {
    document(result, at);
  } else {
    unread(result, at);
  }
}

void SplitMapper::note_error_answer(SplitResult& result, std::string_view words) {
  if (result.error_answers++ == 0) result.first_error_answer = shortened(words, kErrorShown);
}

/// A frame as a rejected record, without its reasons.
RejectedRecord SplitMapper::refused(const SplitResult& result, std::size_t at) const {
  const Frame& frame = result.split.frames[at];
  RejectedRecord record;
  record.source = result.split.source;
  record.number = frame.number;
  record.line = frame.line;
  record.column = frame.column;
  record.byte = frame.byte;
  record.whole_size = frame.whole_size;
  record.bytes = bytes_of(frame);
  record.rest = frame.kind == FrameKind::broken;
  record.entry_key = frame.key;
  record.id_personal = plan_.id_personal;
  if (tables_ != nullptr) record.known = &tables_->known();
  return record;
}

/// "7", or "7 of other.json" where it is of another input.
std::string SplitMapper::other_record(const SplitResult& result,
                                      const DuplicateDecision& decision) const {
  std::string text = std::to_string(decision.other_record);
  if (decision.other_source != result.split.source)
    text += " of " + names_.sources[decision.other_source];
  return text;
}

/// `others: reject`, or a record that could not be compared with those of its key.
void SplitMapper::reject_duplicate(SplitResult& result, std::size_t at,
                                   const DuplicateDecision& decision) {
  using What = DuplicateDecision::Kind;
  ++result.summary.parsed;
  const Frame& frame = result.split.frames[at];
  const std::string id(id_of(frame));
  RejectedRecord record = refused(result, at);
  record.is_json = true;
  record.stage = Stage::duplicate;
  record.id = id;
  const RecordKey& key = mapper_.key(bytes_of(frame), frame.key);
  RecordError error;
  std::string other;
  if (decision.kind == What::wrong) {
    error = *key.error;
  } else if (decision.kind == What::not_comparable) {
    const bool offset_lacks =
        (decision.rank == RankKind::instant && decision.other_rank == RankKind::local_time) ||
        (decision.rank == RankKind::local_time && decision.other_rank == RankKind::instant);
    error = mapper_.rank_error(plan_.duplicates->rank,
                               offset_lacks ? Reason::ranks_need_offset : Reason::ranks_differ);
    other = describe(decision.other_rank);
    other += " in record " + other_record(result, decision);
    error.b = Value::text(other);
  } else {
    error.reason = decision.other_record == 0 ? Reason::duplicate_of_others : Reason::duplicate_of;
    error.place = plan_.duplicates->place;
    error.a = Value::text(key.key);
    if (decision.other_record != 0) {
      other = other_record(result, decision);
      error.b = Value::text(other);
    }
  }
  record.errors = {&error, 1};
  rejected(result, at, record);
}

std::span<const RecordError> SplitMapper::schema_errors(const SplitResult& result,
                                                        const Frame& frame,
                                                        const MappedRecord& mapped) {
  audit_values_.clear();
  idempotency_texts_.clear();
  for (std::size_t row = 1; row <= (idempotency_ ? mapped.row_count : 1); ++row)
    add_audit_values(result, frame, mapped, row);
  return row_check_->check(mapped.rows, mapper_.rest(), audit_values_);
}

/// Those of one row, for the schema of the rows.
void SplitMapper::add_audit_values(const SplitResult& result, const Frame& frame,
                                   const MappedRecord& mapped, std::size_t row) {
  const std::size_t width = plan_.columns.size();
  for (const std::string& column : plan_.output.audit_columns) {
    const bool file = column == "file";
    if (file || column == "run")
      audit_values_.push_back(Value::text(file ? names_.sources[result.split.source] : names_.run));
    else if (column == "corrected")
      audit_values_.push_back(Value::boolean(frame.corrected));
    else if (column == "operation")
      audit_values_.push_back(Value::text(word_of(decision_.operation)));
    else if (column == "key")
      audit_values_.push_back(Value::text(mapped.key));
    else if (column == "idempotency_key")
      audit_values_.push_back(Value::text(idempotency_texts_.emplace_back(idempotency_->of(
          mapped.rows.subspan((row - 1) * width, width), mapper_.rest(), mapped.key, row))));
    else
      audit_values_.push_back(Value::integer(
          static_cast<std::int64_t>(column == "record" ? frame.number : frame.line)));
  }
}

/// Where it is not yes, nothing is written.
SplitMapper::Written SplitMapper::written(SplitResult& result, const Frame& frame,
                                          const MappedRecord& mapped) {
  const RowBlock::Mark before = result.rows.mark();
  const std::size_t width = plan_.columns.size();
  RowAudit audit;
  audit.record = frame.number;
  if (!plan_.output.audit_columns.empty())
    audit = {names_.sources[result.split.source],
             frame.number,
             frame.line,
             names_.run,
             frame.corrected,
             mapped.key,
             {},
             word_of(decision_.operation)};
  std::size_t most = few_bytes_;
  for (std::size_t r = 0; r < mapped.row_count; ++r) {
    const std::span<const Value> row = mapped.rows.subspan(r * width, width);
    if (idempotency_)
      audit.idempotency_key = idempotency_->of(row, mapper_.rest(), mapped.key, r + 1);
    const bool long_json = idempotency_ && audit.idempotency_key.empty();
    if (!long_json) encoder_->row(row, audit, mapper_.rest(), result.rows);
    if (!long_json && result.rows.bytes.size() - before.bytes <= most && !result.rows.refused)
      continue;
    const std::optional<RowRefusal> refusal = result.rows.refused;
    result.rows.cut(before);
    if (refusal) note_refusal(*refusal, row, r);
    if (refusal || most == rows_bytes_) {
      if (most != few_bytes_ || !refusal) limit_rows(few_bytes_);
      return refusal ? Written::refused : Written::too_big;
    }
    wait_for_turn();
    most = rows_bytes_;
    result.rows.bytes.reserve(before.bytes + most);  // as it grows it would take twice as much
    limit_rows(most);
    r = static_cast<std::size_t>(-1);  // all of them again
  }
  if (most != few_bytes_) limit_rows(few_bytes_);
  ++result.summary.written;
  result.summary.rows += mapped.row_count;
  for (const MappedRecord::Blank& blank : mapped.blanks) {
    ColumnCounts& counts = result.summary.columns[blank.column];
    if (blank.wrong && blank.kind <= Kind::empty) ++counts.wrong_blank;
    ++(blank.wrong                   ? counts.wrong_not_rejected
       : blank.kind == Kind::missing ? counts.missing
       : blank.kind == Kind::null    ? counts.null
                                     : counts.empty);
  }
  for (const std::uint32_t column : mapped.defaults) ++result.summary.columns[column].defaults;
  const auto note = [&](std::uint32_t column, NoticeCode code) {
    Tally& tally = result.summary.notices[{column, code}];
    if (tally.count++ == 0) tally.first = ref(result, frame, mapped.id);
  };
  for (const MappedRecord::Notice& notice : mapped.notices) note(notice.column, notice.code);
  for (const RowBlock::Noted& noted : result.rows.noted) note(noted.column, noted.code);
  result.rows.noted.clear();
  if (!mapped.unknown.empty()) count_unknown(result, frame, mapped.unknown, mapped.id);
  return Written::yes;
}

/// What the format cannot hold, of the row at hand.
void SplitMapper::note_refusal(const RowRefusal& refusal, std::span<const Value> row,
                               std::size_t number) {
  refusal_ = {};
  refusal_.reason = refusal.reason;
  refusal_.a = refusal.a;
  refusal_.b = refusal.b;
  if (!plan_.levels.empty()) refusal_.row = static_cast<std::uint32_t>(number + 1);
  if (refusal.column == SIZE_MAX) return;
  refusal_.column = static_cast<std::uint16_t>(refusal.column);
  refusal_.value = refusal.found.value_or(row[refusal.column]);
}

/// Values that a lookup did not find, among `errors`.
void SplitMapper::count_unknown(SplitResult& result, const Frame& frame,
                                std::span<const RecordError> errors, std::string_view id) const {
  for (const RecordError& error : errors) {
    if (code_of(error.reason) != RecordCode::lookup_unknown || error.column == kNoColumn) continue;
    if (error.reason == Reason::not_that_day || error.reason == Reason::lookup_day_blank)
      continue;  // the table knows the value
    Summary::Unknown& those = result.summary.unknown[{error.column, error.place}];
    if (those.tally.count++ == 0) {
      those.reason = error.reason;
      those.tally.first = ref(result, frame, id);
      those.tally.first.item = shortened(item_words(error.item, error.row), kKeptCharacters);
      result.summary.kept_bytes += sizeof(those) + those.tally.first.id.size();
    }
    if (is_hidden(error, names_)) {
      those.hidden = true;
    } else if (error.a.kind() == Kind::text) {
      result.summary.kept_bytes += those.values.add(error.a.text());
    }
  }
}

/// A record whose rows are too many bytes as they are written.
void SplitMapper::too_big(SplitResult& result, std::size_t at) {
  RecordError error;
  error.reason = Reason::rows_too_big;
  error.a = Value::integer(static_cast<std::int64_t>(rows_bytes_));
  const Frame& frame = result.split.frames[at];
  const std::string id(id_of(frame));
  RejectedRecord record = refused(result, at);
  record.is_json = true;
  record.id = id;
  record.errors = {&error, 1};
  rejected(result, at, record);
}

void SplitMapper::rejected(SplitResult& result, std::size_t at, RejectedRecord& record) {
  ++result.summary.rejected;
  if (!result.events.empty() && result.events.back().frame == at) {
    result.events.back().rejected = true;
  } else {
    result.events.push_back({static_cast<std::uint32_t>(at), 0, true});
  }
  append_reject(result.rejects, record, names_, digest_);
  if (rejects_table_) rejects_table_->add(record, names_, result.rejects_table);
  if (result.summary.shown.size() < kKeptRejects) {
    result.summary.shown.push_back(shown_reject(record, names_));
    result.summary.kept_bytes += result.summary.shown.back().source.text.size();
  }
  count_unknown(result, result.split.frames[at], record.errors, record.id);
  for (const RecordError& error : record.errors) {
    Tally& tally = result.summary.errors[{code_of(error.reason), about_of(error)}];
    if (tally.count++ > 0) continue;
    tally.first = ref(result, result.split.frames[at], record.id);
    result.summary.kept_bytes += sizeof(Tally) + tally.first.id.size();
  }
  if (operation_ && plan_.identity->full_dump) note_rejected(result, at);  // the errors are gone
}

/// A frame that is a whole document: it has no records, or is an error answer.
void SplitMapper::document(SplitResult& result, std::size_t at) {
  const Frame& frame = result.split.frames[at];
  const auto found = result.split.found_instead.find(at);
  const std::string words =
      found == result.split.found_instead.end() ? std::string() : say(Language::en, found->second);
  RecordError error;
  RejectedRecord record = refused(result, at);
  record.stage = Stage::read;
  record.too_big = frame.whole_size > frame.size;
  record.is_json = !record.too_big && is_json(bytes_of(frame));
  record.document_words = words;
  if (frame.kind == FrameKind::no_records) {
    error.reason = Reason::no_records;
    error.a = Value::text(names_.records_path);
    error.b = Value::text(words);
    record.document = RejectedRecord::Document::no_records;
  } else {
    error.reason = Reason::error_document;
    error.a = Value::text(words);
    record.document = RejectedRecord::Document::error_answer;
    note_error_answer(result, words);
  }
  ++result.summary.parsed;
  record.errors = {&error, 1};
  rejected(result, at, record);
}

/// As strictly as a record is read, but a list is JSON too.
bool SplitMapper::is_json(std::string_view document) {
  if (!document_reader_)
    document_reader_ = std::make_unique<RecordReader>(WantedFields(), kMaxDepth + 1);
  std::string wrapped = "{\"t\":";
  wrapped.append(document).append("}");
  const std::size_t size = wrapped.size();
  wrapped.append(kPadding, ' ');
  const Reason reason = document_reader_->read({wrapped.data(), size});
  return reason == Reason::none || reason == Reason::repeated_key;
}

/// A frame that is no record: too big, or the rest of a list that cannot be cut.
void SplitMapper::unread(SplitResult& result, std::size_t at) {
  const Frame& frame = result.split.frames[at];
  RecordError error;
  RejectedRecord record = refused(result, at);
  record.stage = Stage::read;
  if (frame.kind == FrameKind::too_big) {
    ++result.summary.parsed;  // nothing says that it is not JSON
    error.reason = Reason::too_big;
    error.a = Value::integer(static_cast<std::int64_t>(frame.whole_size));
    error.b = Value::integer(static_cast<std::int64_t>(max_record_bytes_));
    record.too_big = true;
  } else {
    error.reason = Reason::json_syntax;
    error.a = Value::text(
        "its end cannot be found, so all from here to the end of the input is kept as this one "
        "record");
    error.byte = 0;
    record.too_big = frame.whole_size > frame.size;
  }
  record.errors = {&error, 1};
  rejected(result, at, record);
}

void SplitMapper::warn(SplitResult& result, std::size_t frame, const MappedRecord& mapped,
                       bool blank_key) {
  const std::uint64_t before = result.summary.warnings;
  const RecordRef at = ref(result, result.split.frames[frame], mapped.id);
  count_unknown(result, result.split.frames[frame], mapped.warnings, mapped.id);
  for (const RecordError& warning : mapped.warnings)
    result.summary.warn(warning_of(warning), at, item_words(warning.item, warning.row));
  if (blank_key)
    result.summary.warn(
        {.about = {About::Kind::duplicates}, .notice = NoticeCode::duplicate_key_blank}, at);
  note_warnings(result, frame, result.summary.warnings - before);
}

Summary::Warning SplitMapper::warning_of(const RecordError& warning) const {
  return {.about = about_of(warning), .told = told_of(warning, names_)};
}

/// How many a record has, for the limit of them.
void SplitMapper::note_warnings(SplitResult& result, std::size_t frame, std::uint64_t count) {
  if (result.events.empty() || result.events.back().frame != frame)
    result.events.push_back({static_cast<std::uint32_t>(frame), 0, false});
  result.events.back().warnings += static_cast<std::uint32_t>(count);
}

}  // namespace trama
