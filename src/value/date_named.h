// Date formats that have a name of their own, not words: ISO-8601, RFC-2822, SQL, Unix times, the
// days of Excel. Internal to src/value.
//
// A further one is a row in date_named.cpp.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "value/dates.h"

namespace trama {

struct NamedDateFormat {
  std::string_view name;  // as a mapping writes it
  /// The first letters, in lower case, of what is meant to be this one: "unix" of unix_seconds.
  std::string_view meant_by;
  DatePattern::Offset offset;
  Reason (*read)(std::string_view text, Moment& out, DateTrouble& trouble) noexcept;
  /// nullptr where it can only be read.
  void (*write)(const Moment& moment, std::string& out);
};

/// All of them; each reads a date with its time of day.
std::span<const NamedDateFormat> named_date_formats() noexcept;

/// As ISO-8601 writes it: date, T and time, as far as `moment` has them, and the offset.
void append_iso(const Moment& moment, std::string& out);
/// The same with a space for the T.
void append_sql(const Moment& moment, std::string& out);

}  // namespace trama
