#include "state/state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <iterator>
#include <thread>

#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/system_words.h"

namespace trama {
namespace {

/// One step of the schema; the n-th makes version n of version n - 1. A step that was released never
/// changes: what is new is a step of its own.
constexpr const char* kSteps[] = {
    R"(
    CREATE TABLE runs (
      number INTEGER PRIMARY KEY,
      run TEXT NOT NULL,
      mapping TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('publishing', 'published', 'failed', 'known')),
      started INTEGER NOT NULL,
      finished INTEGER NOT NULL,
      exit INTEGER NOT NULL,
      output TEXT NOT NULL,
      ticket TEXT NOT NULL,
      summary TEXT NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_time ON runs (finished);
    CREATE INDEX runs_by_mapping ON runs (mapping, outcome, finished);
    CREATE TABLE files (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      mapping TEXT NOT NULL,
      name TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      PRIMARY KEY (run, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX files_by_content ON files (mapping, sha256);
    CREATE INDEX files_by_size ON files (mapping, bytes);
    )",
    R"(
    CREATE TABLE key_mappings (
      number INTEGER PRIMARY KEY,
      mapping TEXT NOT NULL UNIQUE,
      generation INTEGER NOT NULL,
      keys INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE keys (
      mapping INTEGER NOT NULL,
      digest BLOB NOT NULL,
      key TEXT NOT NULL,
      content BLOB NOT NULL,
      newer TEXT NOT NULL,
      PRIMARY KEY (mapping, digest)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE key_changes (
      run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
      digest BLOB NOT NULL,
      mapping INTEGER NOT NULL,
      change INTEGER NOT NULL CHECK (change IN (-1, 0, 1)),
      key TEXT NOT NULL,
      content BLOB NOT NULL,
      newer TEXT NOT NULL,
      PRIMARY KEY (run, digest)
    ) STRICT, WITHOUT ROWID;
    )",
    R"(
    CREATE TABLE sources (
      source TEXT PRIMARY KEY,
      watermark INTEGER,
      open_until INTEGER NOT NULL DEFAULT 0,
      failures TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE pulls (
      number INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      source_sha256 TEXT NOT NULL,
      folder TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('complete', 'unchanged', 'failed')),
      code TEXT NOT NULL,
      started INTEGER NOT NULL,
      finished INTEGER NOT NULL,
      pages INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      requests INTEGER NOT NULL,
      retries INTEGER NOT NULL,
      watermark INTEGER,
      etag TEXT NOT NULL,
      modified TEXT NOT NULL,
      settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
    ) STRICT;
    CREATE INDEX pulls_by_source ON pulls (source, outcome, number);
    CREATE INDEX pulls_by_time ON pulls (finished);
    CREATE TABLE pull_pages (
      pull INTEGER NOT NULL REFERENCES pulls (number) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      PRIMARY KEY (pull, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX files_of_any_mapping ON files (sha256);
    )",
    R"(
    CREATE TABLE targets (
      number INTEGER PRIMARY KEY,
      target TEXT NOT NULL UNIQUE,
      open_until INTEGER NOT NULL DEFAULT 0,
      failures TEXT NOT NULL DEFAULT '',
      rows INTEGER NOT NULL DEFAULT 0,
      digest TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE deliveries (
      target INTEGER NOT NULL REFERENCES targets (number),
      key TEXT NOT NULL,
      part INTEGER NOT NULL,
      content TEXT NOT NULL,
      operation TEXT NOT NULL,
      sent_key TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      turn INTEGER NOT NULL,
      taken INTEGER NOT NULL CHECK (taken IN (0, 1)),
      rows INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('sent', 'acknowledged', 'refused')),
      first_sent INTEGER NOT NULL,
      PRIMARY KEY (target, key, part)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE pushes (
      number INTEGER PRIMARY KEY,
      target TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('complete', 'stopped')),
      code TEXT NOT NULL,
      started INTEGER NOT NULL,
      finished INTEGER NOT NULL,
      read INTEGER NOT NULL,
      acknowledged INTEGER NOT NULL,
      already INTEGER NOT NULL,
      unchanged INTEGER NOT NULL,
      rejected INTEGER NOT NULL,
      requests INTEGER NOT NULL,
      retries INTEGER NOT NULL,
      opened INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX pushes_by_time ON pushes (finished);
    ALTER TABLE pulls ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
    )",
};
constexpr std::int64_t kVersion = std::size(kSteps);

constexpr mode_t kLockMode = 0666;  // less the umask, as SQLite makes the file beside
constexpr auto kLockWait = std::chrono::minutes(1);
constexpr auto kLooksEvery = std::chrono::milliseconds(20);
constexpr std::string_view kWords[] = {"publishing", "published", "failed", "known"};

RunOutcome outcome_of(std::string_view word) noexcept {
  for (std::size_t i = 0; i < std::size(kWords); ++i)
    if (kWords[i] == word) return static_cast<RunOutcome>(i);
  return RunOutcome::failed;
}

/// What marks a file as ours, in its header ("trma" as a number, big-endian).
constexpr std::int32_t kApplicationId = 0x74726D61;

constexpr Database::Codes kCodes{.busy = FailureCode::state_busy,
                                 .foreign = FailureCode::state_foreign,
                                 .damaged = FailureCode::state_damaged,
                                 .unwritable = FailureCode::state_unwritable};

/// No database of another program is written to.
Result<void> must_be_ours(Database& database) {
  // As of one moment: another run may be making it.
  TRAMA_TRY_VOID(database.run("BEGIN"));
  Result<std::int64_t> tables_read = database.number("SELECT count(*) FROM sqlite_schema");
  Result<std::int64_t> ours_read = database.number("PRAGMA application_id");
  TRAMA_TRY_VOID(database.run("COMMIT"));
  TRAMA_TRY(const std::int64_t tables, std::move(tables_read));
  TRAMA_TRY(const std::int64_t ours, std::move(ours_read));
  if (ours != kApplicationId && (tables != 0 || ours != 0))
    return Failure{FailureCode::state_foreign, {database.path(), PhraseCode::state_other_program}};
  return {};
}

}  // namespace

std::string_view word_of(RunOutcome outcome) noexcept {
  return kWords[static_cast<std::size_t>(outcome)];
}

Result<std::unique_ptr<State>> State::open(const std::string& path, Database::Use use) {
  TRAMA_TRY(auto database, Database::open(path, use, kCodes));
  TRAMA_TRY_VOID(must_be_ours(*database));
  // With WAL every commit is on the disk where synchronous is FULL, as it is.
  if (use == Database::Use::write) TRAMA_TRY_VOID(database->run("PRAGMA journal_mode = WAL"));
  std::unique_ptr<State> state(new State(std::move(database)));
  TRAMA_TRY_VOID(state->upgrade(use));
  return state;
}

Result<void> State::upgrade(Database::Use use) {
  TRAMA_TRY(std::int64_t version, database_->number("PRAGMA user_version"));
  if (version > kVersion)
    return Failure{FailureCode::state_newer,
                   {database_->path(), std::to_string(version), std::to_string(kVersion)}};
  if (version == kVersion) return {};
  if (use == Database::Use::read && version == 0)
    return Failure{FailureCode::state_foreign, {database_->path(), PhraseCode::state_empty}};
  if (use == Database::Use::read) return {};  // what it has is as it was in that version
  TRAMA_TRY(Transaction upgrading, Transaction::begin(*database_));
  TRAMA_TRY(version, database_->number("PRAGMA user_version"));  // another run may have done it
  for (; version < kVersion; ++version) TRAMA_TRY_VOID(database_->run(kSteps[version]));
  TRAMA_TRY_VOID(database_->run("PRAGMA application_id = " + std::to_string(kApplicationId)));
  TRAMA_TRY_VOID(database_->run("PRAGMA user_version = " + std::to_string(kVersion)));
  return upgrading.commit();
}

Result<bool> State::has_size(const std::string& mapping, std::uint64_t bytes) {
  TRAMA_TRY(Statement found, database_->prepare("SELECT 1 FROM files WHERE mapping = ? AND bytes "
                                                "= ? LIMIT 1"));
  return found.bind(mapping).bind(static_cast<std::int64_t>(bytes)).step();
}

Result<std::optional<Import>> State::imported(const std::string& mapping,
                                              const std::string& sha256) {
  TRAMA_TRY(Statement found,
            database_->prepare("SELECT runs.run, runs.finished FROM files JOIN runs ON runs.number "
                               "= files.run WHERE files.mapping = ? AND files.sha256 = ? "
                               "ORDER BY runs.number DESC LIMIT 1"));
  TRAMA_TRY(const bool row, found.bind(mapping).bind(sha256).step());
  if (!row) return std::optional<Import>();
  return std::optional(Import{found.text(0), found.number(1)});
}

Result<State::Last> State::last(const std::string& mapping) {
  TRAMA_TRY(Statement found,
            database_->prepare("SELECT max(finished), max(CASE outcome WHEN 'published' THEN "
                               "finished END) FROM runs WHERE mapping = ? AND outcome IN "
                               "('published', 'known')"));
  TRAMA_TRY(const bool row, found.bind(mapping).step());
  return row ? Last{found.number(0), found.number(1)} : Last{};
}

Result<std::int64_t> State::insert(const StateRun& run, const std::string& ticket) {
  TRAMA_TRY(Statement insert,
            database_->prepare("INSERT INTO runs (run, mapping, outcome, started, finished, exit, "
                               "output, ticket, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.bind(run.run).bind(run.mapping).bind(word_of(run.outcome)).bind(run.started);
  insert.bind(run.finished).bind(run.exit).bind(run.output).bind(ticket).bind(run.summary);
  TRAMA_TRY_VOID(insert.run());
  return database_->last_row();
}

Result<std::int64_t> State::begin_publishing(const StateRun& run,
                                             const std::vector<StateFile>& files,
                                             const std::string& ticket, const KeyChanges* keys) {
  TRAMA_TRY(Transaction adding, Transaction::begin(*database_));
  StateRun begun = run;
  begun.outcome = RunOutcome::publishing;
  TRAMA_TRY(const std::int64_t number, insert(begun, ticket));
  std::int64_t place = 0;
  for (const StateFile& file : files) {
    TRAMA_TRY(Statement add, database_->prepare("INSERT INTO files (run, place, mapping, name, "
                                                "bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)"));
    add.bind(number).bind(place++).bind(run.mapping).bind(file.name);
    add.bind(static_cast<std::int64_t>(file.bytes)).bind(file.sha256);
    TRAMA_TRY_VOID(add.run());
  }
  if (keys != nullptr) TRAMA_TRY_VOID(add_changes(number, run.mapping, *keys));
  TRAMA_TRY_VOID(adding.commit());
  return number;
}

/// Until the run is published they are kept beside what is known.
Result<void> State::add_changes(std::int64_t number, const std::string& mapping,
                                const KeyChanges& keys) {
  TRAMA_TRY(Statement fresh, database_->prepare("INSERT OR IGNORE INTO key_mappings (mapping, "
                                                "generation, keys) VALUES (?, 0, 0)"));
  TRAMA_TRY_VOID(fresh.bind(mapping).run());
  TRAMA_TRY(Statement about, database_->prepare("SELECT number, generation FROM key_mappings WHERE "
                                                "mapping = ?"));
  TRAMA_TRY(const bool there, about.bind(mapping).step());
  if (!there || about.number(1) != keys.generation)
    return Failure{FailureCode::state_moved, {mapping, database_->path()}};
  const std::int64_t of = about.number(0);
  TRAMA_TRY(Statement add,
            database_->prepare("INSERT INTO key_changes (run, digest, mapping, change, "
                               "key, content, newer) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  return keys.each([&](const KeyChange& change) -> Result<void> {
    add.reset();
    add.bind(number).bind_bytes(bytes_of(change.key)).bind(of);
    add.bind(change.gone ? -1 : change.was_known ? 0 : 1).bind(change.text);
    add.bind_bytes(bytes_of(change.version.content)).bind(change.version.newer);
    return add.run();
  });
}

/// What the run made new is known from now on.
Result<void> State::apply_changes(std::int64_t number) {
  const auto run = [this, number](std::string_view sql) -> Result<void> {
    TRAMA_TRY(Statement statement, database_->prepare(sql));
    return statement.bind(number).run();
  };
  TRAMA_TRY_VOID(
      run("UPDATE key_mappings SET generation = generation + 1, keys = keys + of_run.more "
          "FROM (SELECT mapping, sum(change) AS more FROM key_changes WHERE run = ? "
          "GROUP BY mapping) AS of_run WHERE number = of_run.mapping"));
  TRAMA_TRY_VOID(
      run("INSERT INTO keys (mapping, digest, key, content, newer) SELECT mapping, digest, "
          "key, content, newer FROM key_changes WHERE run = ? AND change >= 0 ORDER BY "
          "digest ON CONFLICT (mapping, digest) DO UPDATE SET key = excluded.key, content "
          "= excluded.content, newer = excluded.newer"));
  TRAMA_TRY_VOID(
      run("DELETE FROM keys WHERE (mapping, digest) IN (SELECT mapping, digest FROM "
          "key_changes WHERE run = ? AND change < 0)"));
  return run("DELETE FROM key_changes WHERE run = ?");
}

Result<void> State::end_publishing(std::int64_t number) {
  TRAMA_TRY(Transaction ending, Transaction::begin(*database_));
  TRAMA_TRY_VOID(apply_changes(number));
  TRAMA_TRY(Statement ended, database_->prepare("UPDATE runs SET outcome = 'published', ticket = "
                                                "'' WHERE number = ?"));
  TRAMA_TRY_VOID(ended.bind(number).run());
  return ending.commit();
}

Result<void> State::take_back(std::int64_t number, int exit) {
  TRAMA_TRY(Transaction back, Transaction::begin(*database_));
  TRAMA_TRY(Statement forget, database_->prepare("DELETE FROM files WHERE run = ?"));
  TRAMA_TRY_VOID(forget.bind(number).run());
  TRAMA_TRY(Statement changes, database_->prepare("DELETE FROM key_changes WHERE run = ?"));
  TRAMA_TRY_VOID(changes.bind(number).run());
  TRAMA_TRY(Statement failed, database_->prepare("UPDATE runs SET outcome = 'failed', ticket = "
                                                 "'', exit = ? WHERE number = ?"));
  TRAMA_TRY_VOID(failed.bind(exit).bind(number).run());
  return back.commit();
}

Result<std::vector<UnsettledRun>> State::unsettled() {
  TRAMA_TRY(Statement found, database_->prepare("SELECT number, run, output, ticket FROM runs "
                                                "WHERE outcome = 'publishing' ORDER BY number"));
  std::vector<UnsettledRun> runs;
  for (;;) {
    TRAMA_TRY(const bool row, found.step());
    if (!row) return runs;
    runs.push_back({found.number(0), found.text(1), found.text(2), found.text(3)});
  }
}

Result<void> State::add(const StateRun& run) {
  TRAMA_TRY(const std::int64_t number, insert(run, ""));
  (void)number;
  return {};
}

Result<void> State::each_run(std::int64_t since, const std::function<bool(const StateRun&)>& take) {
  TRAMA_TRY(Statement found,
            database_->prepare("SELECT number, run, mapping, outcome, started, finished, exit, "
                               "output, summary FROM runs WHERE finished >= ? ORDER BY number"));
  found.bind(since);
  for (;;) {
    TRAMA_TRY(const bool row, found.step());
    if (!row) return {};
    StateRun run;
    run.number = found.number(0);
    run.run = found.text(1);
    run.mapping = found.text(2);
    run.outcome = outcome_of(found.text(3));
    run.started = found.number(4);
    run.finished = found.number(5);
    run.exit = static_cast<int>(found.number(6));
    run.output = found.text(7);
    run.summary = found.text(8);
    if (!take(run)) return {};
  }
}

Result<std::vector<StateFile>> State::files_of(std::int64_t number) {
  TRAMA_TRY(Statement found, database_->prepare("SELECT name, bytes, sha256 FROM files WHERE run "
                                                "= ? ORDER BY place"));
  found.bind(number);
  std::vector<StateFile> files;
  for (;;) {
    TRAMA_TRY(const bool row, found.step());
    if (!row) return files;
    files.push_back({found.text(0), static_cast<std::uint64_t>(found.number(1)), found.text(2)});
  }
}

Result<void> State::each_service(std::int64_t since,
                                 const std::function<void(const StatePull&)>& pull,
                                 const std::function<void(const StatePush&)>& push) {
  TRAMA_TRY(const std::int64_t tables,
            database_->number("SELECT count(*) FROM sqlite_schema WHERE name = 'pushes'"));
  if (tables == 0) return {};  // of an older version
  TRAMA_TRY_VOID(pulls().each(since, pull));
  return each_push(*database_, since, push);
}

Result<State::Counts> State::counts() {
  Counts counts;
  TRAMA_TRY(const std::int64_t runs, database_->number("SELECT count(*) FROM runs"));
  TRAMA_TRY(const std::int64_t files, database_->number("SELECT count(*) FROM files"));
  TRAMA_TRY(const std::int64_t publishing,
            database_->number("SELECT count(*) FROM runs WHERE outcome = 'publishing'"));
  counts.runs = static_cast<std::uint64_t>(runs);
  counts.files = static_cast<std::uint64_t>(files);
  counts.publishing = static_cast<std::uint64_t>(publishing);
  TRAMA_TRY(const std::int64_t with_keys,
            database_->number("SELECT count(*) FROM sqlite_schema WHERE name = 'key_mappings'"));
  if (with_keys == 0) return counts;  // of an older version
  TRAMA_TRY(const std::int64_t keys, database_->number("SELECT sum(keys) FROM key_mappings"));
  counts.keys = static_cast<std::uint64_t>(keys);
  return counts;
}

Result<State::Counts> State::prune(std::int64_t before) {
  TRAMA_TRY_VOID(pulls().settle());
  TRAMA_TRY(Transaction pruning, Transaction::begin(*database_));
  TRAMA_TRY(const Counts had, counts());
  TRAMA_TRY(Statement forget, database_->prepare("DELETE FROM runs WHERE finished < ? AND outcome "
                                                 "<> 'publishing'"));
  TRAMA_TRY_VOID(forget.bind(before).run());
  // What a source has written is kept beside its pulls; one whose pages may still be written stays.
  TRAMA_TRY(Statement pulls,
            database_->prepare("DELETE FROM pulls WHERE finished < ? AND (settled = 1 "
                               "OR outcome <> 'complete')"));
  TRAMA_TRY_VOID(pulls.bind(before).run());
  // What was delivered last stays, however long ago: it says what is not to be sent again.
  TRAMA_TRY(Statement pushes, database_->prepare("DELETE FROM pushes WHERE finished < ?"));
  TRAMA_TRY_VOID(pushes.bind(before).run());
  TRAMA_TRY(const Counts has, counts());
  TRAMA_TRY_VOID(pruning.commit());
  return Counts{had.runs - has.runs, had.files - has.files, has.publishing, has.keys};
}

Result<void> State::check() {
  for (const char* const all : {"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"}) {
    TRAMA_TRY(Statement check, database_->prepare(all));
    TRAMA_TRY(const bool row, check.step());
    if (!row) continue;
    std::string said = check.text(0);
    if (said != "ok")
      return Failure{FailureCode::state_damaged, {database_->path(), std::move(said)}};
  }
  return {};
}

// ---- one at a time ----

Result<StateLock> StateLock::take(const std::string& state, const StopFlag& stop) {
  const std::string path = state + "-lock";
  const int fd = retried([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kLockMode);
  });
  if (fd < 0) return Failure{FailureCode::state_unwritable, {state, system_words(errno)}};
  StateLock lock(fd);
  const auto last = std::chrono::steady_clock::now() + kLockWait;
  while (retried([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK)
      return Failure{FailureCode::state_unwritable, {state, system_words(errno)}};
    if (stop.asked() != 0) return Failure{FailureCode::interrupted, {}};
    if (std::chrono::steady_clock::now() > last) return Failure{FailureCode::state_busy, {state}};
    std::this_thread::sleep_for(kLooksEvery);
  }
  return lock;
}

StateLock::~StateLock() {
  if (fd_ >= 0) ::close(fd_);
}

std::vector<std::string> files_of_state(const std::string& path) {
  return {path, path + "-lock", path + "-wal", path + "-shm", path + "-journal"};
}

}  // namespace trama
