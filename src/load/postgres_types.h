// The types of a table that is there, as PostgreSQL names them, and whether they keep our values.

#pragma once

#include <string>
#include <vector>

#include "value/format.h"

namespace trama {

/// A column of the table as it is there.
struct PostgresColumn {
  std::string type;             // without what is in brackets: numeric, character varying
  std::string shown;            // with it
  std::vector<int> parameters;  // what is in them
  bool needs_value = false;
  bool is_enum = false;

  /// Whether it keeps the values of a column of ours as they are, or says of one that it cannot. `ours`: its
  /// type as load_table() has it; `proved`: of a number, what the plan proves, or null; `key`: things are
  /// told by it.
  [[nodiscard]] bool keeps(const std::string& ours, const OutputType* proved, bool key) const;
};

/// Of format_type(): "character varying(10)", "timestamp(3) with time zone".
PostgresColumn postgres_column(const std::string& shown);

}  // namespace trama
