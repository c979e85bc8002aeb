#include "engine/verify.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <concepts>
#include <cstring>
#include <memory>
#include <utility>

#include "base/arena.h"
#include "base/folder.h"
#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "engine/event_check.h"
#include "engine/stored_event.h"
#include "json/record_reader.h"
#include "report/shown_text.h"
#include "run/sorted_entries.h"
#include "source/input_files.h"
#include "source/over_streams.h"
#include "source/source.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Where an event is.
struct Place {
  std::uint64_t file = 0;  // its index
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
};

// ---- what SortedEntries keep, one behind the other ----

template <std::unsigned_integral Number>
void put(std::string& out, Number number) {  // so that bytes are in the order of numbers
  for (std::size_t i = sizeof(number); i-- > 0;)
    out += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
}
void put(std::string& out, std::string_view text) {
  put(out, std::uint64_t{text.size()});
  out += text;
}
void put(std::string& out, const Place& place) {
  for (const std::uint64_t n : {place.file, place.record, place.line, place.byte}) put(out, n);
}

class Taker {
 public:
  explicit Taker(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < sizeof(n); ++i) n = n << 8U | static_cast<unsigned char>(bytes_[i]);
    bytes_.remove_prefix(sizeof(n));
    return n;
  }
  std::string_view text() {
    const auto size = static_cast<std::size_t>(number());
    const std::string_view text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }
  Place place() {
    Place place;
    for (std::uint64_t* n : {&place.file, &place.record, &place.line, &place.byte}) *n = number();
    return place;
  }

 private:
  std::string_view bytes_;
};

class Verification {
 public:
  Verification(const Scheme& scheme, const VerifyOptions& options,
               const std::function<Result<void>(const RefusedEvent&)>& refused,
               const std::function<Result<void>(std::string_view)>& accepted)
      : scheme_(scheme),
        options_(options),
        refused_(refused),
        accepted_(accepted),
        check_(scheme, options.keys, id_place_of(scheme), options.window),
        ids_(options.memory / 3),
        refusals_(options.memory / 6) {
    report_.scheme = scheme.name();
    report_.signs_time = scheme.signs_time();
    report_.has_ids = scheme.has_ids();
    report_.window = options.window;
    for (const std::string& name : options.secrets) report_.secrets.push_back({name});
  }

  Result<VerifyReport> go() {
    InputFilesOptions how;
    how.stop = options_.stop;
    how.twice = options_.accepted;
    TRAMA_TRY(const auto files, InputFiles::open_all(options_.files, how));
    TRAMA_TRY_VOID(each_frame(files, [this](const Frame& frame, std::size_t file) {
      ++report_.read;
      return judge(frame, {file, frame.number, frame.line, frame.byte});
    }));
    TRAMA_TRY_VOID(find_repeated());
    TRAMA_TRY_VOID(refusals_.finish());
    TRAMA_TRY_VOID(next_refusal());
    if (options_.accepted) {
      std::uint64_t number = 0;
      TRAMA_TRY_VOID(each_frame(
          files, [&](const Frame& frame, std::size_t /*file*/) { return give(frame, ++number); }));
      if (number != report_.read) return unbalanced(number);
    }
    while (has_refusal_) TRAMA_TRY_VOID(give_refusal());
    if (report_.read != report_.accepted + report_.refused) return unbalanced(report_.read);
    return std::move(report_);
  }

 private:
  [[nodiscard]] Failure unbalanced(std::uint64_t read) const {
    return {FailureCode::balance,
            {std::to_string(read) + " != " + std::to_string(report_.accepted) + " + " +
             std::to_string(report_.refused)}};
  }

  Result<void> each_frame(const std::shared_ptr<InputSet>& files, auto&& take) {
    SourceOptions how;
    how.stop = options_.stop;
    const auto source = source_over(files, how);
    Split split;
    while (options_.stop->asked() == 0 && source->next(split)) {
      for (const Frame& frame : split.frames) TRAMA_TRY_VOID(take(frame, split.source));
      if (options_.progress)
        options_.progress({report_.read, source->bytes_read(), source->bytes_in_all()});
    }
    if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
    if (source->trouble()) return *source->trouble();
    return {};
  }

  // ---- one event ----

  Result<void> judge(const Frame& frame, const Place& place) {
    arena_.reset();
    const auto refuse_record = [&](Reason reason, std::vector<Phrase> values) {
      return keep_refusal(report_.read, place, std::nullopt, name(code_of(reason)),
                          Phrase(reason, std::move(values)));
    };
    if (frame.kind == FrameKind::too_big)
      return refuse_record(Reason::too_big, {grouped(frame.whole_size), grouped(kMaxRecordBytes)});
    if (const Reason reason = reader_.read({frame.data, frame.size}); reason != Reason::none)
      return refuse_record(reason, values_of(reason));
    if (Phrase problem = read_stored_event(reader_.root(), arena_, event_); !problem.empty())
      return refuse(place, std::nullopt, Phrase(NoticeCode::event_invalid, {std::move(problem)}));
    const EventVerdict verdict = check_.check(event_.headers, event_.body, event_.received, arena_);
    if (!verdict.refused.empty()) {
      // What it claims to be, also where it is refused.
      std::optional<std::string> id;
      if (!verdict.id.empty()) id = shortened(verdict.id, kMaxEventId);
      return refuse(place, id, verdict.refused);
    }
    TRAMA_TRY_VOID(accept(verdict.secret));
    if (!scheme_.has_ids()) return {};
    return keep_id(verdict.id, place, verdict.secret);
  }

  [[nodiscard]] std::vector<Phrase> values_of(Reason reason) const {
    switch (reason) {
      case Reason::not_utf8:
        return {std::to_string(reader_.error_byte())};
      case Reason::too_deep:
        return {std::to_string(kMaxDepth)};
      case Reason::repeated_key:
        return {quoted_claim(reader_.error_text())};
      case Reason::json_not_object:
        return {phrase_of("found", reader_.error_text())};
      default:
        return {phrase_of("problem", reader_.error_text()), reader_.error_excerpt()};
    }
  }

  // ---- ids ----

  /// Sorted by id, then by when it was received, then by place.
  Result<void> keep_id(std::string_view id, const Place& place, std::size_t secret) {
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;  // years before 1970 come first
    key_.clear();
    put(key_, id);
    put(key_, static_cast<std::uint64_t>(event_.received.seconds) ^ kSign);
    put(key_, event_.received.nanos);
    payload_.clear();
    put(payload_, place);
    put(payload_, std::uint64_t{secret});
    put(payload_, received_words(event_.received));
    return ids_.add({key_, 0, report_.read, payload_});
  }

  Result<void> find_repeated() {
    TRAMA_TRY_VOID(ids_.finish());
    std::string id;
    std::string received;
    Place first;
    bool any = false;
    SortedEntry entry;
    for (;;) {
      TRAMA_TRY(const bool more, ids_.next(entry));
      if (!more) return {};
      if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
      Taker payload(entry.payload);
      const Place place = payload.place();
      const auto secret = static_cast<std::size_t>(payload.number());
      const std::string_view this_id = Taker(entry.key).text();
      if (!any || this_id != id) {
        any = true;
        id = this_id;
        received = payload.text();
        first = place;
        continue;
      }
      --report_.accepted;
      --report_.secrets[secret].accepted;
      const Phrase words(
          NoticeCode::event_repeated,
          {received, shown_input(options_.files[static_cast<std::size_t>(first.file)]),
           grouped(first.record)});
      TRAMA_TRY_VOID(refuse_at(entry.number, place, id, words));
    }
  }

  // ---- outcomes ----

  Result<void> accept(std::size_t secret) {
    ++report_.accepted;
    ++report_.secrets[secret].accepted;
    return {};
  }

  Result<void> refuse(const Place& place, const std::optional<std::string>& id,
                      const Phrase& notice) {
    return refuse_at(report_.read, place, id, notice);
  }
  Result<void> refuse_at(std::uint64_t number, const Place& place,
                         const std::optional<std::string>& id, const Phrase& notice) {
    return keep_refusal(number, place, id, name(static_cast<NoticeCode>(notice.row)), notice);
  }

  Result<void> keep_refusal(std::uint64_t number, const Place& place,
                            const std::optional<std::string>& id, std::string_view code,
                            const Phrase& words) {
    payload_.clear();
    put(payload_, place);
    put(payload_, code);
    put(payload_, say(options_.languages.files, words));
    put(payload_, say(options_.languages.screen, words));
    put(payload_, std::uint64_t{id ? 1U : 0U});
    put(payload_, id ? std::string_view(*id) : std::string_view());
    return refusals_.add({{}, 0, number, payload_});
  }

  Result<void> next_refusal() {
    TRAMA_TRY(has_refusal_, refusals_.next(refusal_));
    return {};
  }

  Result<void> give_refusal() {
    Taker payload(refusal_.payload);
    const Place place = payload.place();
    RefusedEvent event;
    event.file = options_.files[static_cast<std::size_t>(place.file)];
    event.record = place.record;
    event.line = place.line;
    event.byte = place.byte;
    event.code = payload.text();
    event.message = payload.text();
    event.shown = payload.text();
    if (payload.number() == 1) event.id = payload.text();
    report_.add(event);
    TRAMA_TRY_VOID(refused_(event));
    return next_refusal();
  }

  /// Of the second pass.
  Result<void> give(const Frame& frame, std::uint64_t number) {
    if (has_refusal_ && refusal_.number == number) return give_refusal();
    line_.assign(frame.data, frame.size);
    for (char& c : line_)  // raw line ends are only between the parts of JSON
      if (c == '\r' || c == '\n') c = ' ';
    return accepted_(line_);
  }

  const Scheme& scheme_;
  const VerifyOptions& options_;
  const std::function<Result<void>(const RefusedEvent&)>& refused_;
  const std::function<Result<void>(std::string_view)>& accepted_;
  VerifyReport report_;
  EventCheck check_;
  RecordReader reader_{WantedFields()};
  Arena arena_;
  StoredEvent event_;
  SortedEntries ids_;
  SortedEntries refusals_;  // by the number of the event over all files
  SortedEntry refusal_;     // the next one
  bool has_refusal_ = false;
  std::string key_;
  std::string payload_;
  std::string line_;
};

bool is_unfinished(std::string_view name) {
  constexpr std::array<std::string_view, 3> kEndings = {".incomplete", ".part", ".tmp"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [name](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

Result<std::vector<std::string>> spool_files(const std::vector<std::string>& spool) {
  std::vector<std::string> files;
  for (const std::string& path : spool) {
    struct stat about{};
    if (path == "-" || ::stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> names;
    if (!names_in(path, names))
      return Failure{FailureCode::file_unreadable, {path, system_words(errno)}};
    for (const std::string& name : names)
      if (!name.starts_with('.') && !is_unfinished(name))
        files.push_back(path + (path.ends_with('/') ? "" : "/") + name);
  }
  return files;
}

Result<VerifyReport> verify_events(
    const Scheme& scheme, const VerifyOptions& options,
    const std::function<Result<void>(const RefusedEvent&)>& refused,
    const std::function<Result<void>(std::string_view event)>& accepted) {
  return Verification(scheme, options, refused, accepted).go();
}

}  // namespace trama
