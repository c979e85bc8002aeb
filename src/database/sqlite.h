// Database: an SQLite file, and its statements. Only this file knows SQLite; what goes wrong is a
// Failure with the file's name.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace trama {

/// One statement with its values. A column that is NULL is 0 or "".
class Statement {
 public:
  /// The next `?`, from the first on.
  Statement& bind(std::int64_t number);
  /// `text` is copied.
  Statement& bind(std::string_view text);
  /// `text` stays as it is until the statement is reset.
  Statement& bind_kept(std::string_view text);
  Statement& bind_null();
  Statement& bind_bytes(std::string_view bytes);
  /// Whether there is a row (the next one).
  Result<bool> step();
  enum class Step : std::uint8_t { row, done, refused };
  /// The same, where a row may break what the table asks of it: Database::message() says what.
  Result<Step> try_step();
  /// To the end, whatever rows it gives.
  Result<void> run();

  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// The same, valid until the next step.
  [[nodiscard]] std::string_view view(int column) const;
  [[nodiscard]] std::size_t size(int column) const { return view(column).size(); }
  /// To be bound and stepped again.
  void reset();

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  class Database* database_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
  int trouble_ = 0;  // of bind(), told by step()
};

/// Used by one thread at a time.
class Database {
 public:
  enum class Use : std::uint8_t {
    read,   // what is there; file_missing
    write,  // a file that is not there, or is empty, is made
  };
  /// The Failures of its user. busy: with the file; the others with the file and why.
  struct Codes {
    FailureCode busy;
    FailureCode foreign;  // it is no database
    FailureCode damaged;
    FailureCode unwritable;  // to be read: file_unreadable
    /// It is the user's own, and what its schema calls is done (json_valid in a CHECK).
    bool trusts_schema = false;
  };
  static Result<std::unique_ptr<Database>> open(const std::string& path, Use use, Codes codes);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Result<Statement> prepare(std::string_view sql);
  /// Statements without rows and values.
  Result<void> run(const std::string& sql);
  /// The one number that a statement gives.
  Result<std::int64_t> number(std::string_view sql);
  /// Rows that the last statement changed.
  [[nodiscard]] std::int64_t changed() const noexcept;
  /// Of the row that was inserted last; 0: none since forget_last_row().
  [[nodiscard]] std::int64_t last_row() const noexcept;
  void forget_last_row() noexcept;
  /// What SQLite says of the last statement that failed.
  [[nodiscard]] std::string message() const;
  /// Whether a transaction is open: what a table asks of its rows may end one (ROLLBACK).
  [[nodiscard]] bool in_transaction() const noexcept;
  /// Whether that was a trigger, whose words are anybody's.
  [[nodiscard]] bool refused_by_trigger() const noexcept;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// The Failure of an SQLite result.
  [[nodiscard]] Failure failed(int result) const;

 private:
  Database(std::string path, Use use, Codes codes)
      : path_(std::move(path)), use_(use), codes_(codes) {}
  Result<void> set_up();
  [[nodiscard]] Failure unusable(const Phrase& why) const;

  std::string path_;
  Use use_;
  Codes codes_;
  sqlite3* handle_ = nullptr;
};

/// What is done between its making and commit() is done as one, and on the disk then;
/// else nothing of it.
class Transaction {
 public:
  /// Waits for other writers, as long as state_busy takes.
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) {
    other.database_ = nullptr;
  }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;  // null: it is over
};

}  // namespace trama
