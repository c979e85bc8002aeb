// A load into a table of an SQLite database: everything in one transaction, which is the staging: nobody
// else sees a row before it ends, and a kill ends it with nothing.

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "database/sqlite.h"
#include "load/ledger.h"
#include "load/load.h"
#include "load/table.h"
#include "sink/output_file.h"
#include "sink/sqlite_rows.h"

namespace trama {
namespace {

constexpr Database::Codes kCodes{.busy = FailureCode::output_busy,
                                 .foreign = FailureCode::database_unusable,
                                 .damaged = FailureCode::database_unusable,
                                 .unwritable = FailureCode::output_unwritable,
                                 .trusts_schema = true};

/// What SQLite makes of a declared type (SQLite, "Datatypes", 3.1): whether it changes what is stored.
enum class Affinity : std::uint8_t { text, integer, numeric, real, none };

Affinity affinity_of(std::string declared) {
  for (char& c : declared) c = capital_letter(c);
  const auto has = [&declared](std::string_view part) {
    return declared.find(part) != std::string::npos;
  };
  if (has("INT")) return Affinity::integer;
  if (has("CHAR") || has("CLOB") || has("TEXT")) return Affinity::text;
  if (declared.empty() || has("BLOB") || declared == "ANY") return Affinity::none;
  return has("REAL") || has("FLOA") || has("DOUB") ? Affinity::real : Affinity::numeric;
}

/// Whether a column of that declared type keeps our values as they are.
bool keeps(const TableColumn& ours, const std::string& declared) {
  const Affinity theirs = affinity_of(declared);
  if (ours.type == "INTEGER") return theirs != Affinity::real;
  return theirs == Affinity::text || theirs == Affinity::none;
}

std::string lower(std::string_view name) {
  std::string made(name);
  for (char& c : made) c = small_letter(c);
  return made;
}

class SqliteLoad final : public Target {
 public:
  SqliteLoad(std::string output, std::string place, LoadTable table,
             std::unique_ptr<Database> database)
      : output_(std::move(output)),
        place_(std::move(place)),
        table_(std::move(table)),
        load_(new_load_name()),
        database_(std::move(database)) {}

  /// What a run left to be done that was killed right behind its commit.
  Result<void> settle() {
    TRAMA_TRY(
        const std::int64_t ledger,
        database_->number("SELECT count(*) FROM sqlite_schema WHERE name = " + sql_text(kLoads)));
    if (ledger == 0) return {};
    TRAMA_TRY(
        const std::int64_t left,
        database_->number("SELECT count(*) FROM " + std::string(kLoads) + " WHERE to_name <> ''"));
    if (left == 0) return {};
    TRAMA_TRY(Transaction alone, Transaction::begin(*database_));
    std::vector<std::pair<std::string, std::string>> found;
    {
      TRAMA_TRY(Statement loads,
                database_->prepare("SELECT load, to_name FROM " + std::string(kLoads) +
                                   " WHERE to_name <> '' AND target = ?"));
      loads.bind(target());
      for (;;) {
        TRAMA_TRY(const bool row, loads.step());
        if (!row) break;
        found.emplace_back(loads.text(0), loads.text(1));
      }
    }
    for (const auto& [load, names] : found) {
      TRAMA_TRY(const bool all, give_names(names));
      if (!all) continue;
      TRAMA_TRY_VOID(named(load));
      settled_ = NoticeCode::run_completed;
    }
    return alone.commit();
  }

  Result<void> begin() override {
    TRAMA_TRY(Transaction begun, Transaction::begin(*database_));
    transaction_.emplace(std::move(begun));
    TRAMA_TRY_VOID(database_->run(ledger_ddl(Sql::sqlite)));
    TRAMA_TRY(const bool there, compare());
    if (!there) {
      if (!table_.creates) return Failure{FailureCode::table_missing, {table_.name, output_}};
      if (!database_->run(ddl(table_, Sql::sqlite)).ok())
        return Failure{FailureCode::database_unusable, {output_, database_->message()}};
      made_ = true;
    }
    return prepare_statements();
  }

  Result<void> take(RowBlock&& block) override {
    std::size_t from = 0;
    for (std::size_t i = 0; i < block.rows.size();) {
      std::size_t end = i + 1;
      while (end < block.rows.size() && block.rows[i].record != 0 &&
             block.rows[end].record == block.rows[i].record)
        ++end;
      TRAMA_TRY_VOID(record(block, i, end, from));
      from = block.rows[end - 1].end;
      i = end;
    }
    return {};
  }

  std::vector<Refused> refused() override { return std::exchange(refused_, {}); }

  Result<void> end() override { return {}; }
  Result<void> prepare() override { return {}; }
  Result<std::string> ticket() const override { return "load sqlite " + load_ + " " + place_; }

  Result<std::optional<LoadedBefore>> write_down(const LoadFacts& facts) override {
    if (!facts.again && !made_) {  // a table that was not there has nothing in it
      TRAMA_TRY(
          Statement known,
          database_->prepare("SELECT run, finished FROM " + std::string(kLoads) + " JOIN " +
                             std::string(kLoadInputs) +
                             " USING (load) WHERE sha256 = ? AND target = ? AND mapping = ?"));
      for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
        known.bind(facts.inputs[i].sha256).bind(target()).bind(facts.mapping);
        TRAMA_TRY(const bool row, known.step());
        if (row) return std::optional(LoadedBefore{i, known.text(0), known.text(1)});
        known.reset();
      }
    }
    TRAMA_TRY(Statement load, database_->prepare("INSERT INTO " + std::string(kLoads) +
                                                 " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'')"));
    load.bind(load_).bind(facts.run).bind(target()).bind(facts.mapping).bind(facts.mapping_sha256);
    load.bind(facts.started).bind(facts.finished);
    for (const std::uint64_t count :
         {facts.read, facts.written, facts.rejected, facts.skipped, facts.duplicates, facts.rows,
          counts_.inserted, counts_.updated, counts_.deleted})
      load.bind(static_cast<std::int64_t>(count));
    TRAMA_TRY_VOID(load.run());
    TRAMA_TRY(Statement input,
              database_->prepare("INSERT INTO " + std::string(kLoadInputs) + " VALUES (?,?,?,?)"));
    for (const LoadFacts::Input& one : facts.inputs) {
      input.bind(load_).bind(one.name).bind(static_cast<std::int64_t>(one.bytes)).bind(one.sha256);
      TRAMA_TRY_VOID(input.run());
      input.reset();
    }
    return std::optional<LoadedBefore>();
  }

  [[nodiscard]] std::optional<LoadCounts> loaded() const override {
    LoadCounts counts = counts_;
    counts.table = table_.name;
    return counts;
  }

  /// The rows first; then the files get their names, which the ledger knows until they have.
  Result<void> commit(std::span<OutputFile* const> others, const std::string& /*run*/) override {
    if (const std::string names = names_to_give(others); !names.empty()) {
      TRAMA_TRY(Statement keep, database_->prepare("UPDATE " + std::string(kLoads) +
                                                   " SET to_name = ? WHERE load = ?"));
      keep.bind(names).bind(load_);
      TRAMA_TRY_VOID(keep.run());
    }
    forget_statements();
    TRAMA_TRY_VOID(transaction_->commit());
    transaction_.reset();
    TRAMA_TRY_VOID(give_names_now(others, output_));
    (void)named(load_).ok();  // else the next load settles it
    return {};
  }

  Result<void> abandon() override {
    forget_statements();
    transaction_.reset();
    return {};
  }

  [[nodiscard]] bool streams() const noexcept override { return false; }
  [[nodiscard]] std::string left() const override { return {}; }
  [[nodiscard]] std::optional<NoticeCode> settled() const noexcept override { return settled_; }

 private:
  /// As the ledger calls the table: SQLite does not tell capitals from small letters.
  [[nodiscard]] std::string target() const { return lower(table_.name); }

  Result<void> named(const std::string& load) {
    TRAMA_TRY(Statement done, database_->prepare("UPDATE " + std::string(kLoads) +
                                                 " SET to_name = '' WHERE load = ?"));
    done.bind(load);
    return done.run();
  }

  /// Whether the table is there. Where it is, all that keeps our rows from it, at once.
  Result<bool> compare() {
    struct Theirs {
      std::string type;
      bool needs_value = false;
    };
    std::map<std::string, Theirs> theirs;
    TRAMA_TRY(Statement info,
              database_->prepare("SELECT name, type, \"notnull\", dflt_value IS NULL, "
                                 "pk, hidden FROM pragma_table_xinfo(?)"));
    info.bind(table_.name);
    std::vector<Phrase> differs;
    for (;;) {
      TRAMA_TRY(const bool row, info.step());
      if (!row) break;
      // The number of a row is made for it where it is not given.
      const bool row_number = info.number(4) != 0 && affinity_of(info.text(1)) == Affinity::integer;
      theirs[lower(info.text(0))] = {info.text(1), info.number(2) != 0 && info.number(3) != 0 &&
                                                       !row_number && info.number(5) == 0};
    }
    if (theirs.empty()) return false;
    for (const TableColumn& column : table_.columns) {
      const auto found = theirs.find(lower(column.name));
      if (found == theirs.end()) {
        differs.emplace_back(PhraseCode::load_lacks, std::vector<Phrase>{column.name, column.type});
        continue;
      }
      if (!keeps(column, found->second.type))
        differs.emplace_back(PhraseCode::load_other_type,
                             std::vector<Phrase>{column.name, found->second.type, column.type});
      theirs.erase(found);
    }
    TRAMA_TRY(Statement collated,
              database_->prepare("SELECT x.name, x.coll FROM pragma_index_list(?) i, "
                                 "pragma_index_xinfo(i.name) x WHERE i.\"unique\" AND x.key AND "
                                 "x.coll <> 'BINARY'"));
    collated.bind(table_.name);
    for (;;) {  // keys that it takes for one would be one thing
      TRAMA_TRY(const bool row, collated.step());
      if (!row) break;
      for (const std::size_t part : table_.key)
        if (lower(table_.columns[part].name) == lower(collated.text(0)))
          differs.emplace_back(PhraseCode::load_other_type,
                               std::vector<Phrase>{table_.columns[part].name,
                                                   "COLLATE " + collated.text(1), "TEXT"});
    }
    TRAMA_TRY(
        Statement view,
        database_->prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name = ? "
                           "COLLATE NOCASE"));
    view.bind(table_.name);
    TRAMA_TRY_VOID(view.step());
    is_view_ = view.number(0) > 0;
    for (const auto& [name, column] : theirs)
      if (column.needs_value)
        differs.emplace_back(PhraseCode::load_needs, std::vector<Phrase>{name});
    if (!differs.empty()) return differs_failure(table_, differs);
    return true;
  }

  [[nodiscard]] std::string key_is() const {
    std::string text;
    for (const std::size_t part : table_.key)
      text +=
          (text.empty() ? "" : " AND ") + quoted(table_.columns[part].name, Sql::sqlite) + " = ?";
    return text;
  }

  Result<void> prepare_statements() {
    const std::string table = quoted(table_, Sql::sqlite);
    std::string insert =
        "INSERT OR ABORT INTO " + table + " (" + names_of(table_, Sql::sqlite) + ") VALUES (";
    for (std::size_t i = 0; i < table_.columns.size(); ++i) insert += i == 0 ? "?" : ",?";
    insert += ")";
    if (table_.mode == LoadTable::Mode::upsert) {
      insert += " ON CONFLICT (" + key_of(table_, Sql::sqlite) + ") DO UPDATE SET ";
      std::string sets;
      for (std::size_t i = 0; i < table_.columns.size(); ++i) {
        const std::string name = quoted(table_.columns[i].name, Sql::sqlite);
        if (table_.is_key(i) && table_.key.size() < table_.columns.size()) continue;
        sets += (sets.empty() ? "" : ", ") + name + " = excluded." + name;
      }
      insert += sets;
    }
    Result<Statement> prepared = database_->prepare(insert);
    if (!prepared.ok()) {
      // What SQLite says of an upsert whose key is no key of the table.
      if (database_->message().find("ON CONFLICT") != std::string::npos)
        return Failure{
            FailureCode::table_differs,
            {table_.name, Phrase(PhraseCode::load_no_key, {key_of(table_, Sql::sqlite)})}};
      return Failure{FailureCode::database_unusable, {output_, database_->message()}};
    }
    insert_.emplace(std::move(prepared.value()));
    if (table_.key.empty()) return {};
    TRAMA_TRY(Statement remove, database_->prepare("DELETE FROM " + table + " WHERE " + key_is()));
    remove_.emplace(std::move(remove));
    if (table_.operation != SIZE_MAX && !table_.deletes) {
      std::string sets;
      for (const TableColumn& column : table_.columns)
        if (column.audit && !table_.is_key(column.cell))
          sets += (sets.empty() ? "" : ", ") + quoted(column.name, Sql::sqlite) + " = ?";
      TRAMA_TRY(Statement mark,
                database_->prepare("UPDATE " + table + " SET " + sets + " WHERE " + key_is()));
      mark_.emplace(std::move(mark));
    }
    return {};
  }

  void forget_statements() {
    insert_.reset();
    remove_.reset();
    mark_.reset();
  }

  using Cells = std::vector<std::optional<std::string_view>>;
  void read_cells(std::string_view row) {
    cells_.clear();
    while (!row.empty()) cells_.push_back(take_sqlite_cell(row));
  }

  void bind(Statement& statement, std::size_t column) {
    const std::optional<std::string_view> cell = cells_[column];
    const TableColumn& about = table_.columns[column];
    if (!cell) {
      statement.bind_null();
    } else if (about.type == "INTEGER") {
      const std::optional<std::int64_t> number = integer(*cell, about.units);
      too_big_ = too_big_ || !number;
      statement.bind(number.value_or(0));
    } else {
      statement.bind_kept(*cell);
    }
  }

  /// Nothing: it does not fit into 64 bits.
  static std::optional<std::int64_t> integer(std::string_view text, int units) {
    std::string digits;
    if (units >= 0) {
      const std::size_t point = text.find('.');
      digits = text.substr(0, point);
      std::string decimals(point == std::string_view::npos ? "" : text.substr(point + 1));
      decimals.resize(static_cast<std::size_t>(units), '0');
      text = digits += decimals;
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
  }

  void bind_key(Statement& statement) {
    for (const std::size_t part : table_.key) bind(statement, part);
  }

  /// Those of one record, all of them or none.
  Result<void> record(const RowBlock& block, std::size_t first, std::size_t end, std::size_t from) {
    const std::string_view bytes = block.bytes;
    const std::uint64_t number = block.rows[first].record;
    if (number == 0) {
      read_cells(bytes.substr(from, block.rows[first].end - from));
      return gone();
    }
    const bool replaces = table_.mode == LoadTable::Mode::replace;
    const bool several = end - first > 1 || replaces;
    if (several) TRAMA_TRY_VOID(database_->run("SAVEPOINT record"));
    bool good = true;
    std::uint64_t replaced = 0;  // rows that the thing had
    LoadCounts done;
    for (std::size_t i = first; i < end && good; ++i) {
      read_cells(bytes.substr(from, block.rows[i].end - from));
      from = block.rows[i].end;
      if (replaces && i == first) {
        bind_key(*remove_);
        TRAMA_TRY(good, step(*remove_, number));
        if (!good) break;
        replaced = static_cast<std::uint64_t>(database_->changed());
      }
      for (std::size_t column = 0; column < cells_.size(); ++column) bind(*insert_, column);
      database_->forget_last_row();
      TRAMA_TRY(good, step(*insert_, number));
      if (good && !is_view_ && database_->changed() != 1) {  // RAISE(IGNORE) of a trigger
        refused_.push_back({.record = number, .reason = Reason::row_left_out});
        good = false;
      }
      if (good) ++(database_->last_row() != 0 ? done.inserted : done.updated);
    }
    if (good) {
      const std::uint64_t kept = std::min(replaced, done.inserted);  // a row for a row
      counts_.inserted += done.inserted - kept;
      counts_.updated += done.updated + kept;
      counts_.deleted += replaced - kept;
    }
    if (!several) return {};
    if (!good) TRAMA_TRY_VOID(database_->run("ROLLBACK TO record"));
    return database_->run("RELEASE record");
  }

  /// False: the database refuses it, which is noted.
  Result<bool> step(Statement& statement, std::uint64_t record) {
    if (std::exchange(too_big_, false)) {
      refused_.push_back({.record = record, .reason = Reason::integer_too_big});
      statement.reset();
      return false;
    }
    Result<Statement::Step> done = statement.try_step();
    if (!database_->in_transaction())  // RAISE(ROLLBACK) of a trigger
      return Failure{FailureCode::database_unusable, {output_, database_->message()}};
    if (!done.ok()) return std::move(done.failure());
    const bool good = done.value() != Statement::Step::refused;
    if (!good)
      refused_.push_back({.record = record,
                          .words = database_->message(),
                          .quotes = database_->refused_by_trigger()});
    statement.reset();
    return good;
  }

  /// A row that says what is gone.
  Result<void> gone() {
    Statement& statement = mark_ ? *mark_ : *remove_;
    if (mark_)
      for (const TableColumn& column : table_.columns)
        if (column.audit && !table_.is_key(column.cell)) bind(statement, column.cell);
    bind_key(statement);
    TRAMA_TRY_VOID(statement.run());
    statement.reset();
    counts_.deleted += static_cast<std::uint64_t>(database_->changed());
    return {};
  }

  std::string output_;
  std::string place_;
  LoadTable table_;
  std::string load_;
  std::unique_ptr<Database> database_;
  std::optional<Transaction> transaction_;
  std::optional<Statement> insert_;
  std::optional<Statement> remove_;  // the rows of a key
  std::optional<Statement> mark_;    // them as gone
  Cells cells_;
  std::vector<Refused> refused_;
  bool made_ = false;  // the table, by this load
  bool is_view_ = false;
  bool too_big_ = false;  // an integer of the row at hand
  LoadCounts counts_;
  std::optional<NoticeCode> settled_;
};

}  // namespace

Result<std::unique_ptr<Target>> open_sqlite_load(const std::string& output,
                                                 const Destination& destination, const Plan& plan) {
  TRAMA_TRY(LoadTable table, load_table(plan, Sql::sqlite, destination.table));
  TRAMA_TRY(std::unique_ptr<Database> database,
            Database::open(destination.place, Database::Use::write, kCodes));
  TRAMA_TRY_VOID(database->run("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"));
  auto load = std::make_unique<SqliteLoad>(output, destination.place, std::move(table),
                                           std::move(database));
  TRAMA_TRY_VOID(load->settle());
  std::unique_ptr<Target> target = std::move(load);
  return target;
}

Result<Published> was_loaded_into_sqlite(const std::string& place, const std::string& load) {
  TRAMA_TRY(const std::unique_ptr<Database> database,
            Database::open(place, Database::Use::read, kCodes));
  TRAMA_TRY(
      const std::int64_t ledger,
      database->number("SELECT count(*) FROM sqlite_schema WHERE name = " + sql_text(kLoads)));
  if (ledger == 0) return Published::no;
  TRAMA_TRY(Statement found,
            database->prepare("SELECT count(*) FROM " + std::string(kLoads) + " WHERE load = ?"));
  found.bind(load);
  TRAMA_TRY_VOID(found.step());
  return found.number(0) > 0 ? Published::yes : Published::no;
}

}  // namespace trama
