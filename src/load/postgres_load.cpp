// A load into a table of a PostgreSQL database: everything in one transaction, whose rows nobody else
// sees before it ends. Blocks of rows go by COPY, into the table itself or, where rows may replace
// others, into a temporary table and from there on. What the server refuses is found by the line
// that it names, or by halving.

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "base/phrase_codes.h"
#include "database/postgres.h"
#include "load/ledger.h"
#include "load/load.h"
#include "load/postgres_types.h"
#include "load/table.h"
#include "sink/output_file.h"

namespace trama {
namespace {

constexpr Sql kSql = Sql::postgres;
constexpr const char* kStage = "pg_temp.trama_rows";
/// SQLSTATE (PostgreSQL 15, Appendix A).
constexpr std::string_view kTwice = "21000";  // ON CONFLICT meets a row of the same command
constexpr std::string_view kNoUniqueIndex = "42P10";
constexpr int kAsks = 10;  // seconds that a server is given to notice that a connection is gone
/// Whether the server refuses a row, and not the command.
bool refuses_row(const PostgresAnswer& answer) {
  return answer.is_class("22") || answer.is_class("23") || answer.is_class("54") ||
         answer.sqlstate == "P0001" || answer.sqlstate == "44000";
}

class PostgresLoad final : public Target {
 public:
  PostgresLoad(std::string output, std::string place, LoadTable table, const Plan& plan,
               std::unique_ptr<Postgres> server, const StopFlag& stop)
      : output_(std::move(output)),
        place_(std::move(place)),
        table_(std::move(table)),
        name_(quoted(table_, kSql)),
        load_(new_load_name()),
        server_(std::move(server)),
        stop_(stop) {
    for (const OutputColumn& column : plan.output.columns) proved_.push_back(column.type);
    personal_ = !plan.personal.empty();
  }

  /// The session as the load needs it, and alone at the table; the ledger; what a run left to be done
  /// that was killed right behind its commit.
  Result<void> set_up() {
    TRAMA_TRY_VOID(done(
        "SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET standard_conforming_strings = on; "
        "SET client_min_messages = warning; SET idle_in_transaction_session_timeout = 0; "
        "SET lock_timeout = '60s'"));
    // One name for one table, however it is called: in the schema that it is in, or would be made in.
    TRAMA_TRY(
        const PostgresAnswer named_so,
        server_->must(
            "SELECT coalesce((SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n "
            "ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)), "
            "coalesce(nullif($2, ''), current_schema()) || '.' || $3)",
            {name_, table_.schema, table_.name}));
    target_ = named_so.cell();
    TRAMA_TRY_VOID(be_alone());
    TRAMA_TRY(const PostgresAnswer ledger,
              server_->must("SELECT to_regclass('" + std::string(kLoads) +
                            "') IS NOT NULL AND to_regclass('" + std::string(kLoadInputs) +
                            "') IS NOT NULL"));
    if (ledger.cell() != "t")  // two loads that make it at once would be in each other's way
      TRAMA_TRY_VOID(
          done("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('trama ledger', 0)); " +
               ledger_ddl(kSql) + " COMMIT"));
    TRAMA_TRY(const PostgresAnswer left,
              server_->must("SELECT load, to_name FROM " + std::string(kLoads) +
                                " WHERE to_name <> '' AND target = $1",
                            {target()}));
    for (const auto& row : left.rows) {
      TRAMA_TRY(const bool all, give_names(row[1].value_or("")));
      if (!all) continue;
      TRAMA_TRY_VOID(named(row[0].value_or("")));
      settled_ = NoticeCode::run_completed;
    }
    return {};
  }

  Result<void> begin() override {
    TRAMA_TRY_VOID(done("BEGIN"));
    TRAMA_TRY(const bool there, compare());
    if (!there) {
      if (!table_.creates) return Failure{FailureCode::table_missing, {shown_table(), output_}};
      TRAMA_TRY_VOID(done(ddl(table_, kSql)));
      made_ = true;
      for (const TableColumn& column : table_.columns)
        if (int most = 0; column.type.starts_with("varchar("))
          if (std::from_chars(column.type.data() + 8, column.type.data() + column.type.size(), most)
                  .ec == std::errc())
            limits_[column.cell] = {static_cast<std::size_t>(most), false};
    }
    if (table_.mode == LoadTable::Mode::insert) return {};
    TRAMA_TRY_VOID(done("CREATE TEMPORARY TABLE trama_rows ON COMMIT DROP AS SELECT " +
                        names_of(table_, kSql) + " FROM " + name_ + " WITH NO DATA"));
    if (table_.mode != LoadTable::Mode::upsert) return {};
    const PostgresAnswer key = server_->ask("SAVEPOINT s; EXPLAIN " + upsert());
    if (!key.ok && key.sqlstate == kNoUniqueIndex)
      return differs_failure(table_, {Phrase(PhraseCode::load_no_key, {key_of(table_, kSql)})});
    if (!key.ok) return server_->failed(key);
    return done("RELEASE s");
  }

  Result<void> take(RowBlock&& block) override {
    // Rows of one record are all in or none, and what replaces others comes once at a time.
    groups_.clear();
    std::size_t from = 0;
    for (std::size_t i = 0; i < block.rows.size();) {
      std::size_t end = i + 1;
      while (end < block.rows.size() && block.rows[end].record == block.rows[i].record) ++end;
      groups_.push_back({from, block.rows[end - 1].end, block.rows[i].record, end - i});
      from = block.rows[end - 1].end;
      i = end;
    }
    const std::string_view bytes = block.bytes;
    for (std::size_t first = 0; first < groups_.size();) {
      std::size_t end = groups_.size();
      if (table_.mode != LoadTable::Mode::insert) end = end_of_keys(bytes, first);
      TRAMA_TRY_VOID(send(bytes, first, end));
      first = end;
    }
    return {};
  }

  std::vector<Refused> refused() override { return std::exchange(refused_, {}); }

  Result<void> end() override { return {}; }
  /// What is checked at the end of a transaction is checked here, where it can still be told as it is.
  Result<void> prepare() override {
    const PostgresAnswer checked = server_->ask("SET CONSTRAINTS ALL IMMEDIATE");
    if (checked.ok) return {};
    if (!refuses_row(checked)) return failed(checked);
    return Failure{FailureCode::database_unusable,
                   {output_, Phrase(PhraseCode::load_commit_refused, {words_of(checked)})}};
  }
  Result<std::string> ticket() const override { return "load postgresql " + load_ + " " + place_; }

  Result<std::optional<LoadedBefore>> write_down(const LoadFacts& facts) override {
    if (!facts.again && !made_) {  // a table that was not there has nothing in it
      for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
        TRAMA_TRY(
            const PostgresAnswer known,
            server_->must("SELECT run, finished FROM " + std::string(kLoads) + " JOIN " +
                              std::string(kLoadInputs) +
                              " USING (load) WHERE sha256 = $1 AND target = $2 AND mapping = $3",
                          {facts.inputs[i].sha256, target(), facts.mapping}));
        if (!known.rows.empty())
          return std::optional(
              LoadedBefore{i, known.rows[0][0].value_or(""), known.rows[0][1].value_or("")});
      }
    }
    std::vector<std::string> values = {
        load_,         facts.run,     target(), facts.mapping, facts.mapping_sha256,
        facts.started, facts.finished};
    for (const std::uint64_t count :
         {facts.read, facts.written, facts.rejected, facts.skipped, facts.duplicates, facts.rows,
          counts_.inserted, counts_.updated, counts_.deleted})
      values.push_back(std::to_string(count));
    TRAMA_TRY_VOID(server_->must("INSERT INTO " + std::string(kLoads) +
                                     " VALUES ($1,$2,$3,$4,$5,$6,$7,"
                                     "$8,$9,$10,$11,$12,$13,$14,$15,$16,'')",
                                 values));
    for (const LoadFacts::Input& input : facts.inputs)
      TRAMA_TRY_VOID(
          server_->must("INSERT INTO " + std::string(kLoadInputs) + " VALUES ($1,$2,$3,$4)",
                        {load_, input.name, std::to_string(input.bytes), input.sha256}));
    return std::optional<LoadedBefore>();
  }

  [[nodiscard]] std::optional<LoadCounts> loaded() const override {
    LoadCounts counts = counts_;
    counts.table = shown_table();
    return counts;
  }

  /// The rows first; then the files get their names, which the ledger knows until they have.
  Result<void> commit(std::span<OutputFile* const> others, const std::string& /*run*/) override {
    if (const std::string names = names_to_give(others); !names.empty())
      TRAMA_TRY_VOID(server_->must(
          "UPDATE " + std::string(kLoads) + " SET to_name = $1 WHERE load = $2", {names, load_}));
    const PostgresAnswer committed = server_->ask("COMMIT");
    if (committed.lost) TRAMA_TRY_VOID(settle_commit(committed.message));
    if (!committed.lost && !committed.ok)
      return Failure{FailureCode::database_unusable,
                     {output_, Phrase(PhraseCode::load_commit_refused, {words_of(committed)})}};
    if (committed.ok && committed.tag != "COMMIT")
      return Failure{FailureCode::database_unusable,
                     {output_, Phrase(PhraseCode::load_commit_refused, {committed.tag})}};
    TRAMA_TRY_VOID(give_names_now(others, output_));
    (void)named(load_).ok();  // else the next load settles it
    return {};
  }

  Result<void> abandon() override { return done("ROLLBACK"); }

  [[nodiscard]] bool streams() const noexcept override { return false; }
  [[nodiscard]] std::string left() const override { return {}; }
  [[nodiscard]] std::optional<NoticeCode> settled() const noexcept override { return settled_; }

 private:
  /// Waits for a load that was killed, whose server has not noticed it yet; another is busy.
  Result<void> be_alone() {
    for (int i = 0; i < kAsks; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
      TRAMA_TRY(const PostgresAnswer alone,
                server_->must("SELECT pg_try_advisory_lock(hashtextextended('trama ' || $1, 0))",
                              {target()}));
      if (alone.cell() == "t") return {};
    }
    return Failure{FailureCode::output_busy, {shown_table()}};
  }

  /// Characters of a varchar(n), or of a char(n), which pads what has fewer.
  struct Limit {
    std::size_t most = 0;
    bool exact = false;
  };
  /// The rows of one record in a block.
  struct Group {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t record = 0;
    std::size_t rows = 0;
  };

  /// Why none of several groups is in the table, and which of them is to blame where that is known.
  struct NotTaken {
    Refused refused;
    std::optional<std::size_t> group;
  };

  /// What a server says may quote the row: of personal values its code alone.
  [[nodiscard]] std::string words_of(const PostgresAnswer& answer) const {
    const bool hides = personal_ && answer.constraint.empty() && !answer.sqlstate.empty();
    return hides ? "SQLSTATE " + answer.sqlstate : answer.message;
  }
  [[nodiscard]] Failure failed(PostgresAnswer answer) const {
    answer.message = words_of(answer);
    return server_->failed(answer);
  }

  Result<void> done(const std::string& sql) {
    TRAMA_TRY_VOID(server_->must(sql));
    return {};
  }
  /// As the ledger calls the table.
  [[nodiscard]] const std::string& target() const noexcept { return target_; }
  [[nodiscard]] std::string shown_table() const {
    return table_.schema.empty() ? table_.name : table_.schema + "." + table_.name;
  }
  Result<void> named(const std::string& load) {
    TRAMA_TRY_VOID(server_->must(
        "UPDATE " + std::string(kLoads) + " SET to_name = '' WHERE load = $1", {load}));
    return {};
  }

  /// The connection was lost at COMMIT: the ledger says what became of it.
  Result<void> settle_commit(const std::string& why) {
    for (int i = 0; i < kAsks && stop_.asked() == 0; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
      Result<std::unique_ptr<Postgres>> again = Postgres::connect(place_, output_, stop_);
      if (!again.ok()) continue;
      server_ = std::move(again.value());
      const PostgresAnswer found =
          server_->ask("SELECT count(*) FROM " + std::string(kLoads) + " WHERE load = $1", {load_});
      if (!found.ok) continue;
      if (found.number() > 0) return {};
      return Failure{FailureCode::database_unusable, {output_, PhraseCode::load_lost}};
    }
    return Failure{FailureCode::database_unusable,
                   {output_, Phrase(PhraseCode::load_lost_at_commit, {why})}};
  }

  /// Whether the table is there. Where it is, all that keeps our rows from it, at once.
  Result<bool> compare() {
    TRAMA_TRY(const PostgresAnswer found,
              server_->must("SELECT to_regclass($1) IS NOT NULL", {name_}));
    if (found.cell() != "t") return false;
    TRAMA_TRY(
        const PostgresAnswer columns,
        server_->must(
            "SELECT a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), "
            "CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END), "
            "a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '', "
            "t.typtype = 'e' FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
            "WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped",
            {name_}));
    std::map<std::string, PostgresColumn> theirs;
    for (const auto& row : columns.rows) {
      PostgresColumn column = postgres_column(row[1].value_or(""));
      column.needs_value = row[2] == "t";
      column.is_enum = row[3] == "t";
      theirs[row[0].value_or("")] = column;
    }
    std::vector<Phrase> differs;
    for (const TableColumn& column : table_.columns) {
      const auto there = theirs.find(column.name);
      if (there == theirs.end()) {
        differs.emplace_back(PhraseCode::load_lacks, std::vector<Phrase>{column.name, column.type});
        continue;
      }
      const OutputType* const proved =
          column.cell < proved_.size() && proved_[column.cell].kind == Kind::decimal
              ? &proved_[column.cell]
              : nullptr;
      if (!there->second.keeps(column.type, proved, table_.is_key(column.cell)))
        differs.emplace_back(PhraseCode::load_other_type,
                             std::vector<Phrase>{column.name, there->second.shown, column.type});
      const bool padded = there->second.type == "character";
      if (padded ||
          (there->second.type == "character varying" && !there->second.parameters.empty()))
        limits_[column.cell] = {there->second.parameters.empty()
                                    ? 1U
                                    : static_cast<std::size_t>(there->second.parameters[0]),
                                padded};
      theirs.erase(there);
    }
    for (const auto& [name, column] : theirs)
      if (column.needs_value)
        differs.emplace_back(PhraseCode::load_needs, std::vector<Phrase>{name});
    if (!differs.empty()) return differs_failure(table_, differs);
    return true;
  }

  /// "t.a = s.a AND t.b = s.b"
  [[nodiscard]] std::string same_key() const {
    std::string text;
    for (const std::size_t part : table_.key) {
      const std::string name = quoted(table_.columns[part].name, kSql);
      text += (text.empty() ? "t." : " AND t.") + name + " = s." + name;
    }
    return text;
  }

  [[nodiscard]] std::string upsert() const {
    std::string sets;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      if (table_.is_key(i) && table_.key.size() < table_.columns.size()) continue;
      const std::string name = quoted(table_.columns[i].name, kSql);
      sets += (sets.empty() ? "" : ", ") + name + " = excluded." + name;
    }
    const std::string names = names_of(table_, kSql);
    return "INSERT INTO " + name_ + " (" + names + ") SELECT " + names + " FROM " + kStage +
           " ON CONFLICT (" + key_of(table_, kSql) + ") DO UPDATE SET " + sets;
  }

  /// How the rows that are staged get into the table; the answer has what was inserted,
  /// updated and deleted.
  [[nodiscard]] std::string move_rows(bool gone) const {
    const std::string names = names_of(table_, kSql);
    if (gone) {
      std::string sets;
      for (const TableColumn& column : table_.columns)
        if (column.audit && !table_.is_key(column.cell))
          sets += (sets.empty() ? "" : ", ") + quoted(column.name, kSql) + " = s." +
                  quoted(column.name, kSql);
      const bool marks = table_.operation != SIZE_MAX && !table_.deletes;
      return "WITH done AS (" +
             (marks ? "UPDATE " + name_ + " t SET " + sets + " FROM " + kStage + " s WHERE " +
                          same_key()
                    : "DELETE FROM " + name_ + " t USING " + kStage + " s WHERE " + same_key()) +
             " RETURNING 1) SELECT 0, 0, count(*) FROM done";
    }
    if (table_.mode == LoadTable::Mode::upsert)
      return std::string(
                 "SELECT count(*) FILTER (WHERE NOT e), count(*) FILTER (WHERE e), 0 FROM (SELECT EXISTS "
                 "(SELECT 1 FROM ") +
             name_ + " t WHERE " + same_key() + ") AS e FROM " + kStage + " s) b; " + upsert();
    // Rows of the same thing: a row for a row, the rest is new or gone.
    const std::string key = key_of(table_, kSql);
    return "SELECT coalesce(sum(greatest(n - o, 0)), 0), coalesce(sum(least(n, o)), 0), "
           "coalesce(sum(greatest(o - n, 0)), 0) FROM (SELECT count(*) AS n, (SELECT count(*) FROM " +
           name_ + " t WHERE " + same_key() + ") AS o FROM " + kStage + " s GROUP BY " + key +
           ") b; DELETE FROM " + name_ + " t USING " + kStage + " s WHERE " + same_key() +
           "; INSERT INTO " + name_ + " (" + names + ") SELECT " + names + " FROM " + kStage;
  }

  /// Rows first to end (of groups_) into the table; what of them is refused is left out. As many as
  /// may be go at once: all of them; where one is refused, those before it, then it alone, which is
  /// what makes it a reject. The server says which it was, or the half of them is tried.
  Result<void> send(std::string_view bytes, std::size_t first, std::size_t end) {
    std::size_t most = end - first;
    std::size_t suspect = end;
    std::size_t within = first;  // one that is refused stands before it, if it is behind `first`
    while (first < end) {
      const std::size_t stop = first < suspect ? suspect : first + 1;
      const std::size_t last = std::min(stop, first + most);
      std::optional<NotTaken> not_taken;
      if (!fits(bytes, first, last)) {
        not_taken = NotTaken{{.reason = Reason::text_length}, {}};
      } else {
        TRAMA_TRY(not_taken, put(bytes, first, last));
      }
      if (!not_taken) {
        first = last;
        most = first < within ? std::max<std::size_t>((within - first) / 2, 1) : 2 * most;
      } else if (last - first == 1) {
        if (groups_[first].record == 0)  // it says what is gone, and is of no record
          return Failure{FailureCode::database_unusable,
                         {output_, Phrase(not_taken->refused.reason, {})}};
        not_taken->refused.record = groups_[first].record;
        refused_.push_back(std::move(not_taken->refused));
        first = within = last;
      } else {
        within = last;
        suspect = not_taken->group.value_or(end);
        most = std::max<std::size_t>(not_taken->group ? suspect - first : (last - first) / 2, 1);
      }
      if (first > suspect) suspect = end;
    }
    return {};
  }

  /// Puts them there; nothing, or why none of them is there.
  Result<std::optional<NotTaken>> put(std::string_view bytes, std::size_t first, std::size_t end) {
    const bool gone = groups_[first].record == 0;
    const bool direct = table_.mode == LoadTable::Mode::insert;
    const std::string copy =
        "COPY " + (direct ? name_ + " (" + names_of(table_, kSql) + ")" : kStage) + " FROM STDIN";
    PostgresAnswer answer = server_->copy(
        "SAVEPOINT b; " + copy,
        bytes.substr(groups_[first].begin, groups_[end - 1].end - groups_[first].begin));
    if (answer.ok && !direct) answer = server_->ask(move_rows(gone));
    const bool left_out = answer.ok && !gone && rows_in(answer) < rows_of(first, end);
    if (answer.ok && !left_out) {
      counts_.inserted += direct ? rows_of(first, end) : answer.number(0);
      counts_.updated += direct ? 0 : answer.number(1);
      counts_.deleted += direct ? 0 : answer.number(2);
      // Outside the savepoint, where the server empties the table in place.
      TRAMA_TRY_VOID(
          done(direct ? std::string("RELEASE b") : std::string("RELEASE b; TRUNCATE ") + kStage));
      return std::optional<NotTaken>();
    }
    if (!left_out && (gone || (!refuses_row(answer) && answer.sqlstate != kTwice)))
      return failed(answer);
    TRAMA_TRY_VOID(done("ROLLBACK TO b; RELEASE b"));
    if (left_out) return std::optional(NotTaken{{.reason = Reason::row_left_out}, {}});
    return std::optional(
        NotTaken{{.words = answer.message, .quotes = answer.constraint.empty()},
                 answer.line == 0 ? std::nullopt : group_of(answer.line, first, end)});
  }

  /// Of the rows that were sent, the group of the one at `line`, from 1.
  [[nodiscard]] std::optional<std::size_t> group_of(std::size_t line, std::size_t first,
                                                    std::size_t end) const {
    for (std::size_t group = first, rows = 0; group < end; ++group)
      if ((rows += groups_[group].rows) >= line) return group;
    return std::nullopt;
  }

  [[nodiscard]] std::size_t rows_of(std::size_t first, std::size_t end) const {
    std::size_t rows = 0;
    for (std::size_t i = first; i < end; ++i) rows += groups_[i].rows;
    return rows;
  }
  /// Of the tag of a command: "COPY 120", "INSERT 0 120".
  static std::size_t rows_in(const PostgresAnswer& answer) {
    std::size_t rows = 0;
    const std::size_t blank = answer.tag.rfind(' ');
    if (blank == std::string::npos) return 0;
    std::from_chars(answer.tag.data() + blank + 1, answer.tag.data() + answer.tag.size(), rows);
    return rows;
  }

  /// The cells of a row as COPY has them.
  static std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> cells;
    for (;;) {
      const std::size_t tab = line.find('\t');
      cells.push_back(line.substr(0, tab));
      if (tab == std::string_view::npos) return cells;
      line.remove_prefix(tab + 1);
    }
  }

  /// A varchar(n) cuts blanks at the end of a text that is too long for it, without a word.
  [[nodiscard]] bool fits(std::string_view bytes, std::size_t first, std::size_t end) const {
    if (limits_.empty()) return true;
    std::string_view rows =
        bytes.substr(groups_[first].begin, groups_[end - 1].end - groups_[first].begin);
    while (!rows.empty()) {
      const std::string_view line = rows.substr(0, rows.find('\n'));
      rows.remove_prefix(line.size() + 1);
      const std::vector<std::string_view> cells = cells_of(line);
      for (const auto& [cell, most] : limits_) {
        const std::string_view text = cells[cell];
        if (text == "\\N" || (!most.exact && !text.ends_with(' '))) continue;
        std::size_t characters = 0;  // of UTF-8; an escape is one
        for (std::size_t i = 0; i < text.size(); ++i) {
          if (text[i] == '\\') ++i;
          characters += (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U ? 1U : 0U;
        }
        if (most.exact ? characters != most.most : characters > most.most) return false;
      }
    }
    return true;
  }

  /// Of the groups from `first`, the end of those whose keys are all different.
  [[nodiscard]] std::size_t end_of_keys(std::string_view bytes, std::size_t first) const {
    std::set<std::string> keys;
    for (std::size_t i = first; i < groups_.size(); ++i) {
      const std::string_view rows =
          bytes.substr(groups_[i].begin, groups_[i].end - groups_[i].begin);
      const std::vector<std::string_view> cells = cells_of(rows.substr(0, rows.find('\n')));
      std::string key;
      for (const std::size_t part : table_.key) key.append(cells[part]).append(1, '\t');
      if (!keys.insert(std::move(key)).second) return i;
    }
    return groups_.size();
  }

  std::string output_;
  std::string place_;
  LoadTable table_;
  std::string name_;       // in SQL
  std::string target_;     // as the ledger calls the table
  bool made_ = false;      // the table, by this load
  bool personal_ = false;  // the rows hold personal values
  std::string load_;
  std::unique_ptr<Postgres> server_;
  const StopFlag& stop_;
  std::vector<OutputType> proved_;       // by cell
  std::map<std::size_t, Limit> limits_;  // by cell: characters of a varchar(n)
  std::vector<Group> groups_;            // of the block at hand
  std::vector<Refused> refused_;
  LoadCounts counts_;
  std::optional<NoticeCode> settled_;
};

}  // namespace

Result<std::unique_ptr<Target>> open_postgres_load(const std::string& output,
                                                   const Destination& destination, const Plan& plan,
                                                   const StopFlag& stop) {
  TRAMA_TRY(LoadTable table, load_table(plan, kSql, destination.table));
  TRAMA_TRY(std::unique_ptr<Postgres> server, Postgres::connect(destination.place, output, stop));
  auto load = std::make_unique<PostgresLoad>(output, destination.place, std::move(table), plan,
                                             std::move(server), stop);
  TRAMA_TRY_VOID(load->set_up());
  std::unique_ptr<Target> target = std::move(load);
  return target;
}

Result<Published> was_loaded_into_postgres(const std::string& place, const std::string& load) {
  TRAMA_TRY(const std::unique_ptr<Postgres> server, Postgres::connect(place, place, kNeverStopped));
  TRAMA_TRY(const PostgresAnswer ledger,
            server->must("SELECT to_regclass('" + std::string(kLoads) + "') IS NOT NULL"));
  if (ledger.cell() != "t") return Published::no;
  TRAMA_TRY(
      const PostgresAnswer found,
      server->must("SELECT count(*) FROM " + std::string(kLoads) + " WHERE load = $1", {load}));
  return found.number() > 0 ? Published::yes : Published::no;
}

}  // namespace trama
