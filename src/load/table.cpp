#include "load/table.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/ascii.h"
#include "base/phrase_codes.h"

namespace trama {
namespace {

/// Digits that every 64-bit integer has room for.
constexpr int kInt64Digits = 18;

/// What a type that a mapping states may be, by database. `parameters`:
/// how many numbers may stand behind it. What would change a value as it takes it (a binary float,
/// a CHAR that pads) is not among them.
struct StatedType {
  std::string_view name;
  std::size_t parameters;
};
constexpr StatedType kSqliteTypes[] = {{"text", 0}, {"integer", 0}, {"integer", 1}, {"any", 0}};
constexpr StatedType kPostgresTypes[] = {
    {"text", 0},      {"varchar", 1},     {"smallint", 0}, {"integer", 0}, {"bigint", 0},
    {"numeric", 0},   {"numeric", 2},     {"boolean", 0},  {"date", 0},    {"time", 0},
    {"timestamp", 0}, {"timestamptz", 0}, {"json", 0},     {"jsonb", 0}};

std::span<const StatedType> types_of(Sql sql) {
  if (sql == Sql::sqlite) return kSqliteTypes;
  return kPostgresTypes;  // of MySQL only the DDL is printed
}

/// "numeric(18,2)" -> numeric, {18, 2}; nothing where it is not so written.
struct ReadType {
  std::string name;
  std::vector<int> parameters;
};
std::optional<ReadType> read_type(std::string_view text) {
  ReadType type;
  std::size_t at = 0;
  while (at < text.size() && capital_letter(text[at]) >= 'A' && capital_letter(text[at]) <= 'Z')
    type.name += small_letter(text[at++]);
  while (at < text.size() && text[at] == ' ') ++at;
  if (at == text.size()) return type;
  if (text[at] != '(' || text.back() != ')') return std::nullopt;
  const char* from = text.data() + at + 1;
  const char* const end = text.data() + text.size() - 1;
  while (from < end) {
    while (from < end && *from == ' ') ++from;
    int number = 0;
    const auto read = std::from_chars(from, end, number);
    if (read.ec != std::errc() || number < 0) return std::nullopt;
    type.parameters.push_back(number);
    from = read.ptr;
    while (from < end && *from == ' ') ++from;
    if (from == end) break;
    if (*from++ != ',') return std::nullopt;
  }
  return type;
}

std::string type_text(const ReadType& type) {
  std::string text = type.name;
  for (std::size_t i = 0; i < type.parameters.size(); ++i)
    text += (i == 0 ? "(" : ",") + std::to_string(type.parameters[i]);
  return type.parameters.empty() ? text : text + ")";
}

/// "text, integer, integer(n), any".
std::string type_names(Sql sql) {
  std::string names;
  for (const StatedType& type : types_of(sql)) {
    names += (names.empty() ? "" : ", ") + std::string(type.name);
    names += type.parameters == 0 ? "" : type.parameters == 1 ? "(n)" : "(p,s)";
  }
  return names;
}

/// Of texts of any length.
std::string text_type(Sql sql, bool key) {
  if (sql == Sql::mysql) return key ? "varchar(255)" : "longtext";  // which has no index as a whole
  return sql == Sql::sqlite ? "TEXT" : "text";
}

/// What a column of those values is, where nothing else is stated.
std::string type_of(const OutputColumn& column, Sql sql, bool key) {
  const bool sqlite = sql == Sql::sqlite;
  const bool postgres = sql == Sql::postgres;
  const std::string text = text_type(sql, key);
  const OutputType& type = column.type;
  switch (type.kind) {
    case Kind::decimal:
      if (type.scale == 0) return sqlite ? "INTEGER" : "bigint";
      if (sqlite) return text;
      if (type.scale == kOpenScale) return postgres ? "numeric" : "varchar(48)";
      return (postgres ? "numeric(" : "decimal(") + std::to_string(type.precision) + "," +
             std::to_string(type.scale) + ")";
    case Kind::boolean:
      if (column.format.boolean_words) return text;
      return sqlite ? "INTEGER" : "boolean";
    case Kind::date:
      return sqlite ? text : "date";
    case Kind::time:
      return sqlite ? text : postgres ? "time" : "time(6)";
    case Kind::datetime:
      if (sqlite || type.clock == OutputType::Clock::either) return text;
      if (type.clock == OutputType::Clock::instant) return postgres ? "timestamptz" : "varchar(48)";
      return postgres ? "timestamp" : "datetime(6)";
    case Kind::duration:
      if (sqlite || column.format.duration == ColumnFormat::DurationUnit::iso) return text;
      return postgres ? "numeric" : "varchar(48)";
    case Kind::json:
      return sqlite ? text : postgres ? "jsonb" : "json";
    default:
      return text;
  }
}

/// Whether a decimal may be stored as an integer of its smallest units.
bool has_units(const OutputColumn& column, int units) {
  return column.type.kind == Kind::decimal && column.type.scale != kOpenScale &&
         column.type.scale <= units && units <= kInt64Digits;
}

/// Whether a stated type is of the kind of the values: another would read them anew, its own way.
bool is_of_kind(const OutputColumn& column, const std::string& type) {
  const OutputType& ours = column.type;
  if (type == "text" || type == "varchar" || type == "any") return true;
  if (type == "integer" || type == "smallint" || type == "bigint")
    return ours.kind == Kind::decimal && ours.scale != kOpenScale;  // units, or no decimals
  if (type == "numeric") return ours.kind == Kind::decimal;
  if (type == "boolean") return ours.kind == Kind::boolean && !column.format.boolean_words;
  if (type == "date") return ours.kind == Kind::date;
  if (type == "time") return ours.kind == Kind::time;
  if (type == "timestamp")
    return ours.kind == Kind::datetime && ours.clock == OutputType::Clock::local;
  if (type == "timestamptz")
    return ours.kind == Kind::datetime && ours.clock == OutputType::Clock::instant;
  return ours.kind == Kind::json;  // json, jsonb
}

/// Whether a numeric(p,s) would round what the mapping makes, which it does without a word.
bool rounds(const OutputColumn& column, const ReadType& type) {
  if (type.name.ends_with("int") || (type.name == "integer" && type.parameters.empty()))
    return column.type.scale > 0;
  return type.name == "numeric" && type.parameters.size() == 2 &&
         (column.type.scale == kOpenScale || column.type.scale > type.parameters[1]);
}

/// `output: table: columns`: another type for a column. table_type_unknown, table_units.
Result<void> state_type(const OutputColumn& column, const std::string& stated, Sql sql,
                        TableColumn& made) {
  const std::optional<ReadType> read = read_type(stated);
  const std::span<const StatedType> types = types_of(sql);
  const auto is_read = [&read](const StatedType& type) {
    return type.name == read->name && type.parameters == read->parameters.size();
  };
  if (!read || std::none_of(types.begin(), types.end(), is_read) || !is_of_kind(column, read->name))
    return Failure{FailureCode::table_type_unknown, {column.name, stated, type_names(sql)}};
  const bool units = sql == Sql::sqlite && read->parameters.size() == 1;
  if (units ? !has_units(column, read->parameters[0]) : rounds(column, *read))
    return Failure{FailureCode::table_units, {column.name, stated}};
  made.type = type_text(*read);
  if (sql != Sql::sqlite) return {};
  if (units) made.units = read->parameters[0];
  for (char& c : made.type) c = capital_letter(c);
  if (units) made.type = "INTEGER";
  return {};
}

/// Names that a database would cut, or take for one another.
Result<void> check_names(const LoadTable& table, Sql sql) {
  constexpr std::size_t kPostgresBytes = 63;  // PostgreSQL 15, 4.1.1
  std::map<std::string, std::string> names;
  for (const TableColumn& column : table.columns) {
    if (sql == Sql::postgres) {
      if (column.name.size() > kPostgresBytes)
        return Failure{FailureCode::table_name_long, {column.name}};
      continue;
    }
    std::string small = column.name;
    for (char& c : small) c = small_letter(c);
    const auto [known, fresh] = names.emplace(small, column.name);
    if (!fresh) return Failure{FailureCode::table_names_alike, {column.name, known->second}};
  }
  if (sql == Sql::postgres && table.name.size() > kPostgresBytes)
    return Failure{FailureCode::table_name_long, {table.name}};
  return {};
}

}  // namespace

bool LoadTable::is_key(std::size_t column) const noexcept {
  return std::find(key.begin(), key.end(), column) != key.end();
}

Result<LoadTable> load_table(const Plan& plan, Sql sql, std::string_view stated) {
  const OutputFormat::Table& said = plan.output.table;
  LoadTable table;
  table.name = !stated.empty() ? std::string(stated) : !said.name.empty() ? said.name : plan.name;
  if (sql == Sql::postgres)
    if (const std::size_t dot = table.name.find('.'); dot != std::string::npos) {
      table.schema = table.name.substr(0, dot);
      table.name.erase(0, dot + 1);
    }
  table.creates = said.create;
  const std::vector<std::string>& audit = plan.output.audit_columns;
  const auto audit_cell = [&](std::string_view name) {
    const auto found = std::find(audit.begin(), audit.end(), name);
    return found == audit.end()
               ? SIZE_MAX
               : plan.output.columns.size() + static_cast<std::size_t>(found - audit.begin());
  };
  if (plan.identity) {
    if (const std::size_t key = audit_cell("key"); key != SIZE_MAX) {
      table.key = {key};
    } else {
      for (const ColumnIndex column : plan.identity->key_columns)
        for (std::size_t i = 0; i < plan.output.columns.size(); ++i)
          if (plan.output.columns[i].value == column) table.key.push_back(i);
    }
    if (table.key.empty())
      return Failure{FailureCode::identity_not_in_rows, {plan.identity->key_text}};
    table.mode = plan.identity->with_number ? LoadTable::Mode::replace : LoadTable::Mode::upsert;
    table.operation = audit_cell("operation");
    table.deletes = said.gone_is_deleted;
  }
  std::size_t cell = 0;
  for (const OutputColumn& column : plan.output.columns) {
    TableColumn made;
    made.name = column.name;
    made.cell = cell;
    made.type = type_of(column, sql, table.is_key(cell));
    made.required = !column.type.nullable;
    ++cell;
    const auto own = said.types.find(column.name);
    if (own != said.types.end() && sql != Sql::mysql)  // of which only the DDL is printed
      TRAMA_TRY_VOID(state_type(column, own->second, sql, made));
    table.columns.push_back(std::move(made));
  }
  for (const std::string& name : audit) {
    TableColumn made;
    made.name = name;
    made.audit = true;
    made.cell = cell++;
    const bool number = name == "record" || name == "line";
    made.type = !number              ? text_type(sql, table.is_key(made.cell))
                : sql == Sql::sqlite ? "INTEGER"
                                     : "bigint";
    table.columns.push_back(std::move(made));
  }
  for (const std::size_t part : table.key) table.columns[part].required = true;
  TRAMA_TRY_VOID(check_names(table, sql));
  return table;
}

std::string quoted(std::string_view name, Sql sql) {
  const char mark = sql == Sql::mysql ? '`' : '"';
  std::string text(1, mark);
  for (const char c : name) text.append(c == mark ? 2 : 1, c);
  return text + mark;
}

std::string quoted(const LoadTable& table, Sql sql) {
  const std::string name = quoted(table.name, sql);
  return table.schema.empty() ? name : quoted(table.schema, sql) + "." + name;
}

Failure differs_failure(const LoadTable& table, const std::vector<Phrase>& all) {
  std::vector<Phrase> listed;
  for (const Phrase& one : all) {
    if (!listed.empty()) listed.emplace_back("; ");
    listed.push_back(one);
  }
  return {FailureCode::table_differs, {table.name, Phrase::several(std::move(listed))}};
}

std::string sql_text(std::string_view text) {
  std::string made = "'";
  for (const char c : text) made.append(c == '\'' ? 2 : 1, c);
  return made + "'";
}

std::string names_of(const LoadTable& table, Sql sql) {
  std::string names;
  for (const TableColumn& column : table.columns)
    names += (names.empty() ? "" : ", ") + quoted(column.name, sql);
  return names;
}

std::string key_of(const LoadTable& table, Sql sql) {
  std::string names;
  for (const std::size_t part : table.key)
    names += (names.empty() ? "" : ", ") + quoted(table.columns[part].name, sql);
  return names;
}

std::string ddl(const LoadTable& table, Sql sql) {
  std::string text = "CREATE TABLE " + quoted(table, sql) + " (\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    text += "  " + quoted(column.name, sql) + " " + column.type;
    if (column.required) text += " NOT NULL";
    const bool last = i + 1 == table.columns.size() && table.mode != LoadTable::Mode::upsert;
    text += last ? "\n" : ",\n";
  }
  if (table.mode == LoadTable::Mode::upsert) text += "  PRIMARY KEY (" + key_of(table, sql) + ")\n";
  text += sql == Sql::sqlite ? ") STRICT;\n" : ");\n";
  if (table.mode == LoadTable::Mode::replace)
    text += "CREATE INDEX " + quoted(table.name + "_key", sql) + " ON " + quoted(table, sql) +
            " (" + key_of(table, sql) + ");\n";
  return text;
}

}  // namespace trama
