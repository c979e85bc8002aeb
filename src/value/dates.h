// Reading and writing dates and times by patterns (YYYY-MM-DD, DD-MMM-YYYY, ISO-8601, unix-seconds,
// …). The words are those of the mapping language; the ISO 8601 reader is ours because a price must
// not move by a day.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/codes.h"
#include "base/phrase.h"
#include "value/civil.h"
#include "value/value.h"

namespace trama {

/// Whose names of months and weekdays are read and written (CLDR, gregorian,
/// format and stand-alone).
enum class Names : std::uint8_t { none, es, en, pt, de, fr, it };

/// Those of a language, by its tag of ISO 639-1; none of an unknown one.
Names names_of(std::string_view tag) noexcept;

/// What was read: a date, a time of day, or both; parts that were not written are absent.
struct Moment {
  Date date;
  TimeOfDay time;
  std::int32_t offset = kNoOffset;  // seconds east of UTC
  int digits = 0;                   // of the fraction, 0 to 9
  bool has_date = false;
  bool has_time = false;
};

/// A failure to read, with the value its reason quotes ("February 2025", 28).
/// Not to be copied before `a` was used: it may point into `buffer`,
/// else into the text that was read; `b` into the pattern.
struct DateTrouble {
  Reason reason = Reason::none;
  Value a;
  Value b;
  char buffer[48] = {};  // where `a` points when its text is not the input's
};

/// ISO 8601 as the language defines it (mappings/rules.md, rule 5.3): YYYY-MM-DD, alone or with T,
/// hours, minutes, then perhaps seconds, a fraction of 1 or more digits (finer than nanoseconds is
/// cut), and Z, ±hh, ±hhmm or ±hh:mm. 24:00 and :60 are impossible.
Reason read_iso(std::string_view text, Moment& out, DateTrouble& trouble) noexcept;

class DatePattern {
 public:
  /// Why a pattern was refused: `what` is for the analyst, `at` the byte in the pattern.
  struct Problem {
    Phrase what;
    std::size_t at = 0;
  };

  /// Compiles the words of a pattern: YYYY YY MM M DD D MMM MMMM DDD DDDD HH H mm ss SSS S* am Z, or
  /// one of named_date_formats(); letters in single quotes stand for themselves, punctuation and
  /// spaces too. `first_year_of_century`: the first year that YY can mean (2000 of
  /// "2000-2099"), or -1. Gives false and a Problem where it is no pattern.
  static bool compile(std::string_view words, Names names, int first_year_of_century,
                      DatePattern& out, Problem& problem);

  [[nodiscard]] bool has_date() const noexcept;
  [[nodiscard]] bool has_time() const noexcept;
  /// Whether what it reads always carries an offset (Z, or a unix time), never,
  /// or sometimes (ISO-8601).
  enum class Offset : std::uint8_t { never, sometimes, always };
  [[nodiscard]] Offset offset() const noexcept;
  [[nodiscard]] bool needs_names() const noexcept;        // has MMM, MMMM, DDD or DDDD
  [[nodiscard]] bool needs_century() const noexcept;      // has YY
  [[nodiscard]] std::string_view words() const noexcept;  // as written in the mapping
  /// "" or a sentence why it can only be written (DD/MM has no year);
  /// read() refuses every text then.
  [[nodiscard]] PhraseCode why_not_read() const noexcept;
  /// none, or a sentence why it can only be read; write() writes nothing then.
  [[nodiscard]] PhraseCode why_not_written() const noexcept;

  /// Whether it was compiled of the same words, names and century.
  [[nodiscard]] bool same_as(const DatePattern& other) const noexcept;
  /// Whether some text can be read by both as two different days (DD/MM/YYYY and MM/DD/YYYY).
  [[nodiscard]] static bool can_differ(const DatePattern& a, const DatePattern& b);

  /// Reads the whole of `text`. Reason::none, a reason of date_unreadable where the shape does not
  /// fit, or of date_impossible where it fits and there is no such day or time. Unix times take
  /// digits with an optional minus (and a fraction for unix-seconds) and give UTC.
  [[nodiscard]] Reason read(std::string_view text, Moment& out,
                            DateTrouble& trouble) const noexcept;

  /// Appends `moment` as the pattern says; parts finer than its words are cut, parts that are
  /// absent are 0. Z writes nothing where no offset is known.
  void write(const Moment& moment, std::string& out) const;

 private:
  std::shared_ptr<const struct DatePatternParts> parts_;
};

/// The Moment of a date, time or datetime value, and the value of a Moment.
Moment moment_of(const Value& value) noexcept;
Value value_of(const Moment& moment) noexcept;

/// An instant with its offset or Z (2025-03-04T06:00:00Z) in seconds since 1970-01-01T00:00:00Z;
/// false where it is none.
bool read_instant(std::string_view text, std::int64_t& out) noexcept;

/// Durations, ISO 8601-1 §5.5.2: P[nY][nM][nW][nD][T[nH][nM][nS]], at least one part; a fraction
/// only in seconds.
Reason read_iso_duration(std::string_view text, Duration& out) noexcept;
/// Shortest form: P1DT1H for 25 hours, PT0S for nothing, -P… for less than nothing.
void append_iso_duration(std::string& out, const Duration& value);

}  // namespace trama
