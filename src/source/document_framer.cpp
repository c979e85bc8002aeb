// DocumentFramer: the records of JSON documents that follow one another.
// What stands around them is proved to be JSON as it passes;
// the records are cut by their brackets alone and proved by whoever reads them.
//
//   between -> envelope -> inside (the items of the list, the entries of the object, or the one
//   object) -> envelope -> between -> …
//
// Between documents are blanks and record separators (U+001E, RFC 7464 §2.1). A document without
// records, or with an error before them, is one rejected record, so a document is kept (as much of
// it as of a record) until its records begin. Where brackets or quotes do not match there is no
// safe place to start again: the rest is one broken record.

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "source/framer.h"
#include "source/item_scan.h"
#include "source/outside_watch.h"
#include "source/path_watch.h"

namespace trama {
namespace {

constexpr char kRecordSeparator = '\x1e';
constexpr std::size_t kMaxCountBytes = 64;
constexpr std::size_t kForeignShown = 40;
constexpr std::size_t kForeignBytes = kForeignShown * 4 + 4;

/// The end of the JSON string that begins `text`, behind its closing quote, or 0.
std::size_t string_end(std::string_view text) noexcept {
  if (text.empty() || text.front() != '"') return 0;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return 0;
}

/// The four hexadecimal digits at `at`, which are there.
unsigned hex_at(std::string_view text, std::size_t at) noexcept {
  unsigned unit = 0;
  std::from_chars(text.data() + at, text.data() + at + 4, unit, 16);
  return unit;
}

/// Whether each escaped surrogate of a JSON string stands in a pair, as no character is half.
bool surrogates_pair(std::string_view text) noexcept {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    const bool unit = text[at + 1] == 'u';
    const unsigned first = unit ? hex_at(text, at + 2) : 0;
    at += unit ? 6 : 2;
    if (first < 0xD800 || first > 0xDFFF) continue;
    const bool second = first < 0xDC00 && text.substr(at, 2) == "\\u";
    const unsigned low = second ? hex_at(text, at + 2) : 0;
    if (low < 0xDC00 || low > 0xDFFF) return false;
    at += 6;
  }
  return true;
}

/// Whether `text`, which begins and ends with a quote, is JSON.
bool is_json_string(std::string_view text) {
  const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
  if (std::all_of(text.begin(), text.end(), plain)) return true;
  JsonChecker checker;
  JsonChecker::Event event = JsonChecker::Event::none;
  const char* from = text.data();
  const char* const to = from + text.size();
  do {
    from = checker.run(from, to, event);
  } while (event == JsonChecker::Event::begin);
  return event == JsonChecker::Event::end && from == to && surrogates_pair(text);
}

std::size_t after_blanks(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

/// The number of records that a JSON number or text states.
bool read_count(std::string_view json, std::uint64_t& count) noexcept {
  if (json.size() >= 2 && json.front() == '"') json = json.substr(1, json.size() - 2);
  const char* const end = json.data() + json.size();
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): `end` bounds it
  const auto [at, error] = std::from_chars(json.data(), end, count);
  return error == std::errc() && at == end;
}

std::size_t bytes_of(const Phrase& phrase) noexcept {
  std::size_t bytes = phrase.text.size();
  for (const Phrase& value : phrase.values) bytes += sizeof value + bytes_of(value);
  return bytes;
}

class DocumentFramer final : public Framer {
 public:
  DocumentFramer(const Phrase& name, const SourceOptions& options)
      : Framer(name, options),
        records_(options.records),
        error_(options.error_body),
        count_(options.count_at, kMaxCountBytes),
        outside_left_(options.max_outside_bytes) {
    for (const std::vector<std::string>& keys : options.outside) {
      outside_.emplace_back(keys, outside_left_);
    }
  }

  void scan(Block& block) override {
    counted_ = block.scanned();
    while (block.scanned() < block.end() && !block.full() && !trouble()) {
      switch (part_) {
        case Part::between:
          scan_between(block);
          break;
        case Part::foreign:
          scan_foreign(block);
          break;
        case Part::envelope:
          scan_envelope(block);
          break;
        case Part::inside:
          scan_inside(block);
          break;
        case Part::rest:
          pass_to(block, block.end());
          break;
      }
    }
    // Bytes that are passed by are gone at the next call: count their lines now.
    count_to(block, block.scanned());
  }

  void finish(Block& block) override {
    switch (part_) {
      case Part::between:
        finish_between(block);
        break;
      case Part::foreign:
        fail_foreign();
        break;
      case Part::envelope:
        finish_envelope(block);
        break;
      case Part::inside:
        finish_inside(block);
        break;
      case Part::rest:
        finish_rest(block);
        break;
    }
  }

  std::vector<std::vector<OutsideValue>> take_outside() override {
    if (found_ && part_ != Part::between) keep_outside();  // of a document that is cut off
    return std::move(outside_values_);
  }

 private:
  enum class Part : std::uint8_t { between, foreign, envelope, inside, rest };
  enum class Inside : std::uint8_t { list, entries, one };

  void count_to(const Block& block, std::size_t index) {
    place_.pass(block.data() + counted_, block.data() + index);
    counted_ = index;
  }

  static void pass_to(Block& block, std::size_t index) { block.set_scanned(index); }

  void begin(Block& block, std::size_t index) {
    count_to(block, index);
    begun_at_ = place_;
    block.begin(index, place_.place());
  }

  [[nodiscard]] static std::size_t skip_blanks(const Block& block) {
    std::size_t index = block.scanned();
    while (index < block.end() && is_blank(block.data()[index])) ++index;
    return index;
  }

  /// Before the first document, between two and behind the last.
  void scan_between(Block& block) {
    const std::size_t index = skip_blanks(block);
    pass_to(block, index);
    if (index == block.end()) return;
    const char c = block.data()[index];
    settle(block, index);
    if (c == kRecordSeparator) return pass_to(block, index + 1);
    if (block.full()) return;
    if (c == '{' || c == '[') return begin_document(block, index);
    if (documents_ == 0) {
      part_ = Part::foreign;
    } else {
      give_up(block, index, block.byte_at(index),
              c == ',' ? PhraseCode::source_comma_between : PhraseCode::source_follows);
    }
  }

  void begin_document(Block& block, std::size_t index) {
    if (documents_++ > 0) {
      checker_ = {};
      records_.reset();
      error_.reset();
      error_words_.reset();
      count_.reset(kMaxCountBytes);
      for (OutsideWatch& watch : outside_) watch.reset(outside_left_);
    }
    found_ = false;
    first_record_ = block.number();
    part_ = Part::envelope;
    begin(block, index);
    held_ = true;
  }

  /// The records of the document begin, or it is known to have none that can be told apart.
  void let_go(Block& block) {
    if (held_) block.abandon();
    held_ = false;
  }

  /// Behind the bracket that closes a document. One that was refused stays open in the block until
  /// it is known whether another follows.
  void end_document(Block& block) {
    part_ = Part::between;
    if (!found_) {
      const bool error = error_words_.has_value();
      Phrase words = error ? Phrase(*error_words_) : records_.instead();
      if (!first_refused_) first_refused_ = refusal(error, words);
      refused_ = Refused{error, std::move(words)};
      return;
    }
    if (!answered_with_error_) ++good_documents_;
    answered_with_error_ = false;
    if (!options_.count_at.empty() && !count_differs_) compare_count(block);
    if (!outside_.empty()) keep_outside();
    ++with_records_;
  }

  [[nodiscard]] Failure refusal(bool error, const Phrase& words) const {
    if (error) return {FailureCode::error_body, {name_, words}};
    return {FailureCode::records_not_found,
            {name_, written_path(options_.records, options_.entries), words}};
  }

  /// The document that was refused ends before `index`, and something follows it.
  void settle(Block& block, std::size_t index) {
    if (!refused_) return;
    block.finish(index, refused_->error ? FrameKind::error_answer : FrameKind::no_records);
    block.found_instead(std::move(refused_->words));
    refused_.reset();
    held_ = false;
  }

  void keep_outside() {
    outside_values_.emplace_back();
    for (OutsideWatch& watch : outside_) {
      outside_values_.back().push_back(watch.take());
      const OutsideValue& value = outside_values_.back().back();
      const std::size_t kept = sizeof value + value.json.size() + bytes_of(value.instead);
      outside_left_ -= std::min(outside_left_, kept);
    }
  }

  void compare_count(const Block& block) {
    const std::uint64_t found = block.number() - first_record_;
    const OutsideValue told = count_.take();
    std::uint64_t stated = 0;
    Phrase words;
    if (told.state == OutsideValue::State::missing) {
      words = {PhraseCode::source_no_count_at, {options_.count_path, told.instead}};
    } else if (told.state == OutsideValue::State::twice) {
      words = {PhraseCode::source_count_twice, {options_.count_path}};
    } else if (told.state == OutsideValue::State::too_big || !read_count(told.json, stated)) {
      words = {PhraseCode::source_no_count,
               {options_.count_path, visible(told.json, kForeignShown)}};
    } else if (stated != found) {
      words = {PhraseCode::source_count_says, {options_.count_path, std::to_string(stated)}};
    }
    if (words.empty()) return;
    Phrase where = documents_ == 1
                       ? name_
                       : Phrase(PhraseCode::source_document, {name_, std::to_string(documents_)});
    Phrase read(PhraseCode::records, {std::to_string(found)});
    count_differs_ =
        Failure{FailureCode::count_differs, {std::move(where), std::move(read), std::move(words)}};
  }

  /// No JSON document: an error page, a CSV file, a picture. Its first characters tell which.
  void scan_foreign(Block& block) {
    while (block.scanned() < block.end() && foreign_.size() < kForeignBytes) {
      foreign_.push_back(block.data()[block.scanned()]);
      pass_to(block, block.scanned() + 1);
    }
    if (foreign_.size() == kForeignBytes) fail_foreign();
  }

  void fail_foreign() {
    const bool utf16 = foreign_.starts_with("\xff\xfe") || foreign_.starts_with("\xfe\xff");
    Phrase what = utf16
                      ? Phrase(PhraseCode::source_utf16)
                      : Phrase(PhraseCode::source_begins_with, {visible(foreign_, kForeignShown)});
    fail(FailureCode::input_not_json, {name_, std::move(what)});
  }

  void scan_envelope(Block& block) {
    const char* const from = block.data() + block.scanned();
    JsonChecker::Event event = JsonChecker::Event::none;
    const char* const at = checker_.run(from, block.data() + block.end(), event);
    pass_to(block, static_cast<std::size_t>(at - block.data()));
    if (event == JsonChecker::Event::wrong) {
      give_up(block, block.scanned(), block.byte_at(block.scanned()), checker_.problem());
    } else {
      take_event(block, event, from, at);
    }
  }

  void take_event(Block& block, JsonChecker::Event event, const char* from, const char* at) {
    if (error_.event(checker_, event, from, at)) {
      // Behind the records it comes too late: they were given.
      if (found_) return fail(FailureCode::error_body, {name_, error_.text()});
      if (!error_words_) error_words_ = error_.text();
    }
    for (OutsideWatch& watch : outside_) watch.event(checker_, event, from, at);
    if (!options_.count_at.empty()) count_.event(checker_, event, from, at);
    if (event == JsonChecker::Event::key) records_.key(checker_);
    if (event == JsonChecker::Event::begin && records_.begin(checker_)) enter_records(block);
    if (event != JsonChecker::Event::end) return;
    records_.end(checker_);
    if (checker_.depth() == 0) end_document(block);
  }

  void enter_records(Block& block) {
    if (found_) {
      return fail_not_found(
          {PhraseCode::source_twice_at_byte, {std::to_string(block.byte_at(block.scanned() - 1))}});
    }
    const char first = checker_.first();
    if (error_words_ || (first != '{' && (first != '[' || options_.entries))) {
      return;  // told when the document has ended
    }
    let_go(block);
    found_ = true;
    part_ = Part::inside;
    after_comma_ = false;
    inside_ = first == '[' ? Inside::list : options_.entries ? Inside::entries : Inside::one;
    items_.enter(first == '[' ? ']' : '}', inside_ != Inside::one);
    if (inside_ == Inside::one) begin_record(block, block.scanned() - 1);
  }

  void scan_inside(Block& block) {
    if (!block.open() && !begin_item(block)) return;
    ItemStop stop = ItemStop::none;
    const std::size_t index = items_.find_end(block.data(), block.scanned(), block.end(), stop);
    pass_to(block, index);
    switch (stop) {
      case ItemStop::none:
        return;
      case ItemStop::comma:
        end_item(block, index);
        break;
      case ItemStop::close:
        end_item(block, inside_ == Inside::one ? index + 1 : index);
        leave_records(block);
        break;
      case ItemStop::mismatch:
        return give_up(block, index, block.byte_at(index), mismatch(block.data()[index]));
      case ItemStop::too_deep:
        return give_up(block, index, block.byte_at(index), PhraseCode::source_too_deep);
    }
    after_comma_ = stop == ItemStop::comma;
    pass_to(block, index + 1);
  }

  /// A record at the next byte that is no blank.
  /// What stands in an empty place between commas is a record too, of no bytes: so it is told.
  /// False where there is nothing to look at yet, or that was all.
  bool begin_item(Block& block) {
    const std::size_t index = skip_blanks(block);
    pass_to(block, index);
    if (index == block.end()) return false;
    const char c = block.data()[index];
    if (c == closer() && !after_comma_) {
      leave_records(block);
      pass_to(block, index + 1);
      return false;
    }
    begin_record(block, index);
    return true;
  }

  void begin_record(Block& block, std::size_t index) {
    if (block.number() == first_record_) mark_document(block, with_records_);
    begin(block, index);
  }

  [[nodiscard]] char closer() const noexcept { return inside_ == Inside::list ? ']' : '}'; }

  [[nodiscard]] static PhraseCode mismatch(char found) noexcept {
    return found == '}' ? PhraseCode::source_closes_no_brace : PhraseCode::source_closes_no_bracket;
  }

  void leave_records(Block& block) {
    part_ = Part::envelope;
    checker_.leave();
    records_.end(checker_);
    error_.event(checker_, JsonChecker::Event::end, nullptr, nullptr);
    for (OutsideWatch& watch : outside_) {
      watch.event(checker_, JsonChecker::Event::end, nullptr, nullptr);
    }
    count_.event(checker_, JsonChecker::Event::end, nullptr, nullptr);
    if (checker_.depth() == 0) end_document(block);
  }

  void end_item(Block& block, std::size_t index) {
    Frame& frame = block.finish(index, FrameKind::record);
    if (inside_ == Inside::entries) split_entry(frame);
    if (inside_ == Inside::one && frame.kind == FrameKind::record) look_for_error(block, frame);
  }

  /// The path to the error may lead into the one record. (Where it begins there, who reads the
  /// record looks for it.)
  void look_for_error(Block& block, Frame& frame) {
    const auto rest = error_.rest(checker_);
    if (rest.empty() || options_.records.empty()) return;
    if (auto error = error_in({frame.data, frame.size}, rest)) {
      if (!first_refused_) first_refused_ = refusal(true, *error);
      answered_with_error_ = true;
      frame.kind = FrameKind::error_answer;
      block.found_instead(std::move(*error));
    }
  }

  /// Key and value of an entry. Without both it is no entry, and must not pass for a record.
  void split_entry(Frame& frame) {
    const std::string_view text(frame.data, frame.size);
    const std::size_t key_end = string_end(text);
    const std::size_t colon = after_blanks(text, key_end);
    if (key_end == 0 || colon == text.size() || text[colon] != ':') {
      // A key longer than what is kept of a record that is too big leaves that as it is.
      if (frame.kind == FrameKind::record) frame.kind = FrameKind::broken;
      return;
    }
    // Such a key proves nothing of its value: the entry stays whole,
    // and is refused when it is read.
    if (!is_json_string(text.substr(0, key_end))) return;
    const std::size_t value = after_blanks(text, colon + 1);
    PlaceCount place = begun_at_;
    place.pass(frame.data, frame.data + value);
    frame.key = text.substr(0, key_end);
    frame.data += value;
    frame.size -= value;
    frame.whole_size -= value;
    frame.byte += value;
    frame.line = place.place().line;
    frame.column = column_of(place.place());
  }

  /// The rest of the input, from the record that is open or from `index`, is one broken record.
  void give_up(Block& block, std::size_t index, std::uint64_t byte, PhraseCode problem) {
    let_go(block);
    if (!block.open()) begin(block, index);
    broken_byte_ = byte;
    problem_ = problem;
    part_ = Part::rest;
  }

  void finish_rest(Block& block) {
    block.finish(block.end(), FrameKind::broken);
    fail(FailureCode::input_broken, {name_, std::to_string(broken_byte_), problem_});
  }

  void finish_inside(Block& block) {
    if (block.open()) finish_item(block);
    fail_cut_off(block, inside_ == Inside::list      ? PhraseCode::source_list_open
                        : inside_ == Inside::entries ? PhraseCode::source_object_open
                                                     : PhraseCode::source_record_open);
  }

  /// An item that the end of the input cut off is broken;
  /// one that only lacks the comma behind it is whole.
  void finish_item(Block& block) {
    Frame& frame = block.finish(block.end(), FrameKind::record);
    const char last = frame.size == 0 ? ' ' : frame.data[frame.size - 1];
    const bool closed = frame.kind == FrameKind::too_big || last == '}' || last == ']';
    if (inside_ == Inside::one || !items_.balanced() || !closed) {
      frame.kind = FrameKind::broken;
    } else if (inside_ == Inside::entries) {
      split_entry(frame);
    }
  }

  void finish_envelope(Block& block) {
    let_go(block);
    fail_cut_off(block, found_ ? PhraseCode::source_around_open : PhraseCode::source_document_open);
  }

  /// Where no document has records that is a failure of the input; one that is all there is counts
  /// as no record then.
  void finish_between(Block& block) {
    if (documents_ == 0)
      return fail(FailureCode::input_not_json, {name_, PhraseCode::source_only_blanks});
    if (documents_ == 1 && refused_) {
      let_go(block);
    } else {
      settle(block, block.end());
    }
    if (good_documents_ == 0 && first_refused_) fail(*first_refused_);
  }

  void fail_cut_off(const Block& block, PhraseCode what) {
    fail(FailureCode::input_cut_off, {name_, std::to_string(block.byte_at(block.end())), what});
  }

  void fail_not_found(const Phrase& instead) { fail(refusal(false, instead)); }

  Part part_ = Part::between;
  JsonChecker checker_;
  PathWatch records_;
  ErrorWatch error_;
  OutsideWatch count_;
  std::vector<OutsideWatch> outside_;
  std::size_t outside_left_;  // bytes that are kept of the values to come
  std::vector<std::vector<OutsideValue>> outside_values_;

  std::size_t documents_ = 0;     // begun
  std::size_t with_records_ = 0;  // ended
  std::size_t good_documents_ = 0;
  bool held_ = false;  // the document at hand is open in the block
  std::uint64_t first_record_ = 0;
  std::optional<std::string> error_words_;  // of the document at hand
  bool answered_with_error_ = false;        // it was found in its one record
  struct Refused {
    bool error = false;
    Phrase words;
  };
  std::optional<Refused> refused_;  // a document that has ended
  std::optional<Failure> first_refused_;

  ItemScan items_;
  bool found_ = false;
  Inside inside_ = Inside::list;
  bool after_comma_ = false;
  PlaceCount place_;
  PlaceCount begun_at_;      // of the record
  std::size_t counted_ = 0;  // index in the block, only while it is scanned
  std::uint64_t broken_byte_ = 0;
  PhraseCode problem_{};
  std::string foreign_;
};

}  // namespace

std::unique_ptr<Framer> document_framer(const Phrase& name, const SourceOptions& options) {
  return std::make_unique<DocumentFramer>(name, options);
}

}  // namespace trama
