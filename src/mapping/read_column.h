// The words of a column that say what is done to its value.

#pragma once

#include "mapping/fields.h"
#include "mapping/mapping.h"

namespace trama {
void read_column_steps(const Fields& fields, Column& out);
/// A constant, `{column: Name}` or `{from: path}`, each into its place.
struct ValueWords {
  Text* constant;
  Text* column;
  Path* from;
};
void read_value_words(const Fields& fields, std::string_view word, const ValueWords& out);
/// Those that say how a date is read; `out.words` gets the keys of the section.
void read_date_words(const Fields& fields, Column& out);
/// The same of a day, which has no time.
void read_day_words(const Fields& fields, Column& out);
}  // namespace trama
