// LoadTable: the rows of a plan as a table of a database: its columns with their types, what tells its
// rows from others, and how rows get into it. What a load makes, compares and `check --ddl` prints.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"

namespace trama {

enum class Sql : std::uint8_t { sqlite, postgres, mysql };

struct TableColumn {
  std::string name;
  std::string type;       // as CREATE TABLE has it
  bool required = false;  // NOT NULL
  bool audit = false;     // one of `audit_columns`; else of the mapping's columns
  std::size_t cell = 0;   // its place among the cells of a row: columns, then audit columns
  /// SQLite alone: a decimal is stored as the integer of so many of its smallest units; -1: not so.
  int units = -1;
};

struct LoadTable {
  std::string schema;  // "": where the connection looks first
  std::string name;
  std::vector<TableColumn> columns;  // in the order of the cells
  /// What is the same in all rows of one thing: indexes into `columns`. Empty: nothing is said of
  /// things, every row is a new one.
  std::vector<std::size_t> key;
  enum class Mode : std::uint8_t {
    insert,   // no identity
    upsert,   // a thing has one row: it is inserted or updated
    replace,  // a thing has any number of rows: all of them are replaced
  } mode = Mode::insert;
  std::size_t operation = SIZE_MAX;  // the audit column of that name, where what is gone is marked
  bool deletes = false;              // what is gone is deleted
  bool creates = true;               // where it is not there

  [[nodiscard]] bool is_key(std::size_t column) const noexcept;
};

/// The table of a plan. `stated`: its name, of the command line; else that of the mapping.
/// identity_not_in_rows, table_type_unknown.
Result<LoadTable> load_table(const Plan& plan, Sql sql, std::string_view stated = {});

/// As a name in SQL: in quotes, those in it doubled. SQL-92, 5.2 (delimited identifier); MySQL has
/// its own mark.
std::string quoted(std::string_view name, Sql sql);
/// The same with its schema.
std::string quoted(const LoadTable& table, Sql sql);
/// As a text in SQL.
std::string sql_text(std::string_view text);

/// table_differs: all that keeps the rows from the table that is there.
Failure differs_failure(const LoadTable& table, const std::vector<Phrase>& all);

/// CREATE TABLE and what goes with it, statements that end with ";\n".
std::string ddl(const LoadTable& table, Sql sql);

/// The names of the columns, with commas between them.
std::string names_of(const LoadTable& table, Sql sql);
/// Those of the key.
std::string key_of(const LoadTable& table, Sql sql);

}  // namespace trama
