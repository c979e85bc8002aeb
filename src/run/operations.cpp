#include "run/operations.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "base/phrase_codes.h"

namespace trama {
namespace {

// Of the changes that wait to be sorted; they are few but in a first run, which has all in order of
// its input once more.
constexpr std::size_t kSortBytes = std::size_t{2} << 20U;
constexpr std::size_t kKeptBytes = std::size_t{64} * 1024;

/// What begins a note. Each is followed by what it names.
enum class Note : char {
  without_key,  // a rejected record
  rejected,     // place
  as_known,     // place
  changed,      // place, and the change
  fresh,        // the change
};

void append_number(std::string& out, std::uint64_t number) {
  char bytes[sizeof(number)];
  std::memcpy(bytes, &number, sizeof(number));
  out.append(bytes, sizeof(number));
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size());
  out += text;
}

/// Takes what was appended off the front again.
std::uint64_t take_number(std::string_view& from) noexcept {
  std::uint64_t number = 0;
  std::memcpy(&number, from.data(), sizeof(number));
  from.remove_prefix(sizeof(number));
  return number;
}

std::string_view take_text(std::string_view& from) noexcept {
  const auto size = static_cast<std::size_t>(take_number(from));
  const std::string_view text = from.substr(0, size);
  from.remove_prefix(size);
  return text;
}

/// A change without its key's digest.
struct Change {
  bool was_known = false;
  ShortDigest content;
  std::string_view newer;
  std::string_view text;
};

void append_change(std::string& out, const Change& change) {
  append_number(out, change.was_known ? 1 : 0);
  append_number(out, change.content.high);
  append_number(out, change.content.low);
  append_text(out, change.newer);
  append_text(out, change.text);
}

Change take_change(std::string_view& from) noexcept {
  Change change;
  change.was_known = take_number(from) != 0;
  change.content.high = take_number(from);
  change.content.low = take_number(from);
  change.newer = take_text(from);
  change.text = take_text(from);
  return change;
}

/// Whether `one` is older than `other`; not where one of them says nothing,
/// or they cannot be compared.
bool is_older(std::string_view one, std::string_view other) noexcept {
  KeyState a;
  KeyState b;
  return read_rank(one, a) && read_rank(other, b) && a.kind == b.kind && compare_ranks(a, b) < 0;
}

}  // namespace

// ---- of a run ----

Operations::Operations(const PlanIdentity& plan, std::unique_ptr<KnownThings> known)
    : plan_(plan), known_(std::move(known)), changes_(kSortBytes) {
  const auto size = static_cast<std::size_t>(this->known());
  met_.resize(size);
  made_.resize(size);
}

std::size_t Operations::bytes_for(std::uint64_t keys) noexcept {
  constexpr std::uint64_t kMarksPerByte = 4;  // two of each
  return KnownThings::bytes_for(keys) + static_cast<std::size_t>(keys / kMarksPerByte);
}

/// Rows were made of a thing that is known.
void Operations::mark(std::uint64_t place) {
  const auto at = static_cast<std::size_t>(place);
  met_[at] = true;
  if (made_[at]) ++repeated_;
  made_[at] = true;
}

Result<void> Operations::note(std::string_view notes) {
  while (!notes.empty()) {
    const auto kind = static_cast<Note>(notes.front());
    notes.remove_prefix(1);
    switch (kind) {
      case Note::without_key:
        ++without_key_;
        continue;
      case Note::rejected:
        met_[static_cast<std::size_t>(take_number(notes))] = true;
        continue;
      case Note::as_known:
        mark(take_number(notes));
        continue;
      case Note::changed:
        mark(take_number(notes));
        break;
      case Note::fresh:
        break;
    }
    const std::string_view digest = notes.substr(0, sizeof(ShortDigest));
    notes.remove_prefix(sizeof(ShortDigest));
    std::string_view rest = notes;
    (void)take_change(rest);
    SortedEntry entry;
    entry.key = digest;
    entry.number = noted_++;
    entry.payload = notes.substr(0, notes.size() - rest.size());
    TRAMA_TRY_VOID(changes_.add(entry));
    notes = rest;
  }
  return {};
}

/// Of the records with one key the newest says what is known from now on, among equals the last.
Result<void> Operations::finish() {
  TRAMA_TRY_VOID(changes_.finish());
  std::string key;
  std::string payload;
  std::string out;
  const auto write = [&]() -> Result<void> {
    if (key.empty()) return {};
    if (!written_) {
      TRAMA_TRY(written_, TemporaryFile::open(PhraseCode::run_state_keys));
    }
    append_text(out, key + payload);
    if (out.size() < kKeptBytes) return {};
    TRAMA_TRY_VOID(written_->append(out));
    out.clear();
    return {};
  };
  for (SortedEntry entry;;) {
    TRAMA_TRY(const bool more, changes_.next(entry));
    if (!more) break;
    if (entry.key == key) {
      std::string_view old = payload;
      std::string_view later = entry.payload;
      const Change known = take_change(old);
      const Change change = take_change(later);
      if (!known.was_known) ++repeated_;  // else mark() saw it
      if (!is_older(change.newer, known.newer)) payload.assign(entry.payload);
      continue;
    }
    TRAMA_TRY_VOID(write());
    key.assign(entry.key);
    payload.assign(entry.payload);
  }
  TRAMA_TRY_VOID(write());
  if (!out.empty()) TRAMA_TRY_VOID(written_->append(out));
  return {};
}

std::uint64_t Operations::gone() const noexcept {
  return static_cast<std::uint64_t>(std::count(met_.begin(), met_.end(), false));
}

Result<void> Operations::each_gone(
    const std::function<Result<bool>(const KnownThings::Entry&)>& take) {
  if (!known_) return {};
  return known_->each([&](const KnownThings::Entry& entry) -> Result<bool> {
    if (met_[static_cast<std::size_t>(entry.place)]) return true;
    return take(entry);
  });
}

/// The next of those that were written; `more` is false behind the last.
Result<void> Operations::next_change(KeyChange& out, bool& more) {
  more = written_ && read_ < written_->size();
  if (!more) return {};
  std::string bytes(sizeof(std::uint64_t), '\0');
  TRAMA_TRY(std::size_t got, written_->read(read_, bytes.data(), bytes.size()));
  std::string_view size = bytes;
  const auto all = static_cast<std::size_t>(take_number(size));
  read_ += got;
  bytes.assign(all, '\0');
  TRAMA_TRY(got, written_->read(read_, bytes.data(), bytes.size()));
  read_ += got;
  std::string_view rest = bytes;
  out.key = short_digest(rest);
  rest.remove_prefix(sizeof(ShortDigest));
  const Change change = take_change(rest);
  out.text = change.text;
  out.version = {change.content, std::string(change.newer)};
  out.was_known = change.was_known;
  out.gone = false;
  return {};
}

State::KeyChanges Operations::changes(bool with_gone) {
  State::KeyChanges changes;
  changes.generation = known_ ? known_->generation() : 0;
  changes.each = [this, with_gone](const State::KeyChanges::Take& take) -> Result<void> {
    KeyChange change;
    for (;;) {
      bool more = false;
      TRAMA_TRY_VOID(next_change(change, more));
      if (!more) break;
      TRAMA_TRY_VOID(take(change));
    }
    if (!with_gone) return {};
    return each_gone([&](const KnownThings::Entry& entry) -> Result<bool> {
      KeyChange gone;
      gone.key = entry.key;
      gone.text = entry.text;
      gone.was_known = gone.gone = true;
      TRAMA_TRY_VOID(take(gone));
      return true;
    });
  };
  return changes;
}

// ---- of a record ----

RecordOperation::RecordOperation(const Plan& plan, Operations& operations)
    : plan_(plan), operations_(operations), writer_(plan.output.columns, plan.output) {}

void RecordOperation::limit(std::size_t most) noexcept {
  most_ = most;
  writer_.limit(most);
}

bool RecordOperation::read(std::span<const Value> rows, std::size_t count, std::string_view rest) {
  const std::size_t width = plan_.columns.size();
  for (std::size_t row = 0; row < count; ++row) {
    json_.clear();
    writer_.write(rows.subspan(row * width, width), rest, json_);
    if (json_.size() > most_) {
      (void)digest_.take();  // begins anew
      return false;
    }
    json_ += '\n';
    digest_.add(json_);
    if (json_.capacity() > kKeptBytes) json_ = {};
  }
  version_.content = short_digest(digest_.take());
  return true;
}

Result<RecordOperation::Decision> RecordOperation::decide(std::string_view key,
                                                          const Value& newer) {
  key_.assign(key);
  digest_.add(key);
  key_digest_ = short_digest(digest_.take());
  version_.newer.clear();
  if (!newer.is_blank()) append_rank(version_.newer, newer);
  Decision decision;
  place_.reset();
  changes_ = true;
  if (!operations_.known_) return decision;
  TRAMA_TRY(const auto found, operations_.known_->find(key_digest_, version_));
  if (!found) return decision;
  place_ = found->place;
  const bool same_rows = found->version.content == version_.content;
  if (!found->same && !version_.newer.empty()) {
    KeyState now;
    KeyState known;
    if (read_rank(version_.newer, now) && read_rank(found->version.newer, known)) {
      if (now.kind != known.kind) {
        decision.not_comparable = known.kind;
        return decision;
      }
      if (compare_ranks(now, known) < 0) {
        decision.operation = Operation::stale;
        decision.left_out = true;
        changes_ = false;
        return decision;
      }
    }
  }
  decision.operation = same_rows ? Operation::unchanged : Operation::update;
  decision.left_out = same_rows && operations_.plan_.leave_out_unchanged;
  changes_ = !found->same;  // a newer version with the same rows is known as that from now on
  return decision;
}

void RecordOperation::note(Operations::Notes& notes) const {
  const Note kind = !place_ ? Note::fresh : changes_ ? Note::changed : Note::as_known;
  notes += static_cast<char>(kind);
  if (place_) append_number(notes, *place_);
  if (!changes_) return;
  notes += bytes_of(key_digest_);
  append_change(notes, {place_.has_value(), version_.content, version_.newer, key_});
}

Result<void> RecordOperation::note_rejected(std::optional<std::string_view> key,
                                            Operations::Notes& notes) {
  if (!key) {
    notes += static_cast<char>(Note::without_key);
    return {};
  }
  if (!operations_.known_) return {};
  digest_.add(*key);
  // Its rows are not known: no version is like this one but by its key.
  TRAMA_TRY(const auto found, operations_.known_->find(short_digest(digest_.take()), {}));
  if (!found) return {};
  notes += static_cast<char>(Note::rejected);
  append_number(notes, found->place);
  return {};
}

}  // namespace trama
