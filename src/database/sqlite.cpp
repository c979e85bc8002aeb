#include "database/sqlite.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/phrase_codes.h"
#include "base/system_words.h"

namespace trama {
namespace {

/// How long a statement waits for another run's, in milliseconds.
constexpr int kWaits = 60'000;

/// SQLite gives some names a meaning of their own (":memory:").
std::string as_file(const std::string& path) {
  return path.starts_with('/') ? path : "./" + path;
}

}  // namespace

// ---- statements ----

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  ::sqlite3_finalize(statement);
}

Statement& Statement::bind(std::int64_t number) {
  if (const int result = ::sqlite3_bind_int64(statement_.get(), ++bound_, number);
      result != SQLITE_OK)
    trouble_ = result;
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  const int result = ::sqlite3_bind_text64(statement_.get(), ++bound_,
                                           text.data() == nullptr ? "" : text.data(), text.size(),
                                           SQLITE_TRANSIENT,  // NOLINT(performance-no-int-to-ptr)
                                           SQLITE_UTF8);
  if (result != SQLITE_OK) trouble_ = result;
  return *this;
}

Statement& Statement::bind_kept(std::string_view text) {
  const int result =
      ::sqlite3_bind_text64(statement_.get(), ++bound_, text.data() == nullptr ? "" : text.data(),
                            text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (result != SQLITE_OK) trouble_ = result;
  return *this;
}

Statement& Statement::bind_null() {
  if (const int result = ::sqlite3_bind_null(statement_.get(), ++bound_); result != SQLITE_OK)
    trouble_ = result;
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  const int result = ::sqlite3_bind_blob64(
      statement_.get(), ++bound_, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
      SQLITE_TRANSIENT);  // NOLINT(performance-no-int-to-ptr)
  if (result != SQLITE_OK) trouble_ = result;
  return *this;
}

Result<bool> Statement::step() {
  if (trouble_ != 0) return database_->failed(trouble_);
  const int result = ::sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return database_->failed(result);
}

Result<Statement::Step> Statement::try_step() {
  const int result = trouble_ != 0 ? trouble_ : ::sqlite3_step(statement_.get());
  switch (result & 0xFF) {
    case SQLITE_ROW:
      return Step::row;
    case SQLITE_DONE:
      return Step::done;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return Step::refused;
    default:
      return database_->failed(result);
  }
}

Result<void> Statement::run() {
  for (;;) {
    TRAMA_TRY(const bool row, step());
    if (!row) return {};
  }
}

std::int64_t Statement::number(int column) const {
  return ::sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::view(int column) const {
  const void* const text = ::sqlite3_column_blob(statement_.get(), column);
  const int size = ::sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(text), static_cast<std::size_t>(size));
}

std::string Statement::text(int column) const {
  return std::string(view(column));
}

void Statement::reset() {
  (void)::sqlite3_reset(statement_.get());  // says again what step() said
  bound_ = 0;
  trouble_ = 0;
}

// ---- the database ----

Database::~Database() {
  ::sqlite3_close_v2(handle_);
}

Failure Database::unusable(const Phrase& why) const {
  return {use_ == Use::write ? codes_.unwritable : FailureCode::file_unreadable, {path_, why}};
}

Failure Database::failed(int result) const {
  switch (result & 0xFF) {  // the rest says it more finely
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {codes_.busy, {path_}};
    case SQLITE_NOTADB:
      return {codes_.foreign, {path_, PhraseCode::state_no_database}};
    case SQLITE_CORRUPT:
      return {codes_.damaged, {path_, std::string(::sqlite3_errstr(result))}};
    case SQLITE_NOMEM:
      return {FailureCode::no_memory, {}};
    case SQLITE_FULL:
      return unusable(system_words(ENOSPC));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return unusable(system_words(EACCES));
    default: {
      const int error = handle_ != nullptr ? ::sqlite3_system_errno(handle_) : 0;
      return unusable(error != 0 ? system_words(error)
                                 : Phrase(std::string(::sqlite3_errstr(result))));
    }
  }
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Use use, Codes codes) {
  std::unique_ptr<Database> database(new Database(path, use, codes));
  struct stat about{};
  const bool there = ::stat(path.c_str(), &about) == 0;
  if (!there && errno != ENOENT) return database->unusable(system_words(errno));
  if (!there && use == Use::read) return Failure{FailureCode::file_missing, {path}};
  if (there && S_ISDIR(about.st_mode)) return Failure{FailureCode::file_is_directory, {path}};
  // SQLite would say of a pipe or of a folder that is not there no more than that it cannot.
  if (there && !S_ISREG(about.st_mode))
    return Failure{codes.foreign, {path, PhraseCode::state_no_database}};
  // A reader of a database whose writer may still be there has to write beside it (WAL).
  const bool writes = use == Use::write || ::access(path.c_str(), W_OK) == 0;
  const int flags =
      (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | (there ? 0 : SQLITE_OPEN_CREATE);
  const int result =
      ::sqlite3_open_v2(as_file(path).c_str(), &database->handle_,
                        flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (result != SQLITE_OK) return database->failed(result);
  TRAMA_TRY_VOID(database->set_up());
  return database;
}

/// A text or a name in a damaged file is not believed.
Result<void> Database::set_up() {
  ::sqlite3_busy_timeout(handle_, kWaits);
  ::sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  ::sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, codes_.trusts_schema ? 1 : 0,
                      nullptr);
  // Reads the header, so that what is no database is told here.
  TRAMA_TRY_VOID(number("PRAGMA schema_version"));
  return run("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON");
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int result =
      ::sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &made, nullptr);
  Statement statement;
  statement.database_ = this;
  statement.statement_.reset(made);
  if (result != SQLITE_OK) return failed(result);
  return statement;
}

Result<void> Database::run(const std::string& sql) {
  const int result = ::sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return failed(result);
  return {};
}

Result<std::int64_t> Database::number(std::string_view sql) {
  TRAMA_TRY(Statement statement, prepare(sql));
  TRAMA_TRY(const bool row, statement.step());
  return row ? statement.number(0) : 0;
}

std::int64_t Database::changed() const noexcept {
  return ::sqlite3_changes64(handle_);
}

std::int64_t Database::last_row() const noexcept {
  return ::sqlite3_last_insert_rowid(handle_);
}

void Database::forget_last_row() noexcept {
  ::sqlite3_set_last_insert_rowid(handle_, 0);
}

std::string Database::message() const {
  return ::sqlite3_errmsg(handle_);
}

bool Database::in_transaction() const noexcept {
  return ::sqlite3_get_autocommit(handle_) == 0;
}

bool Database::refused_by_trigger() const noexcept {
  return ::sqlite3_extended_errcode(handle_) == SQLITE_CONSTRAINT_TRIGGER;
}

// ---- transactions ----

Result<Transaction> Transaction::begin(Database& database) {
  TRAMA_TRY_VOID(database.run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->run("ROLLBACK").ok();
}

Result<void> Transaction::commit() {
  TRAMA_TRY_VOID(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace trama
