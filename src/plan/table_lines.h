// What lookup tables and rate tables have in common when the lines of their files are read.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "mapping/table_file.h"
#include "step/args.h"
#include "value/civil.h"

namespace trama {

/// The index of a column of a file; SIZE_MAX (and TABLE_NO_COLUMN) where it has none of that name.
std::size_t column_of(const std::vector<Text>& header, const Text& name, Diagnostics& diagnostics);

/// A day of a table: as its `read` says, or YYYY-MM-DD where that is null. False where it is none.
bool read_day(std::string_view text, const DateArgs* read, Date& out);

/// The number with a point and no thousands marks, or "" where its marks are not where they belong:
/// 4.182,18 with decimal mark ',' and thousands mark '.' is 4182.18. `thousands`:
/// NUL where there is none.
std::string plain_digits(std::string_view text, char decimal, char thousands);

/// Lines whose key is blank are told once a table: published tables have many.
class LinesWithoutKey {
 public:
  void add(const Span& span) {
    if (count_++ == 0) first_ = span;
  }
  void tell(Diagnostics& diagnostics) const;

 private:
  Span first_;
  std::size_t count_ = 0;
};

}  // namespace trama
