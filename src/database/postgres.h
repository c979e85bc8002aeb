// Postgres: a connection to a PostgreSQL server. Only postgres.cpp knows libpq. Every wait ends when the
// run is asked to stop, whatever the server does.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"

struct pg_conn;
struct pg_result;

namespace trama {

/// What a server said to a command.
struct PostgresAnswer {
  bool ok = false;
  bool lost = false;       // the connection is gone: whether it did what it was told is not known
  std::string sqlstate;    // PostgreSQL 15, Appendix A; "" where no server said it
  std::string message;     // one line, without DETAIL, which quotes values of the row
  std::string constraint;  // that is broken, by its name; "" where none is
  std::size_t line = 0;    // of what a COPY was sent, from 1, that it could not take; 0: not told
  std::string tag;         // "COMMIT", "COPY 120"
  std::vector<std::vector<std::optional<std::string>>> rows{};  // of the last command that gave any

  /// A class of Appendix A: "23" are broken constraints.
  [[nodiscard]] bool is_class(std::string_view two) const {
    return sqlstate.compare(0, 2, two) == 0;
  }
  /// The first cell of the first row, or "".
  [[nodiscard]] std::string cell() const {
    return rows.empty() || rows[0].empty() ? std::string() : rows[0][0].value_or("");
  }
  [[nodiscard]] std::uint64_t number(std::size_t column = 0) const;
};

class Postgres {
 public:
  /// `uri` as libpq takes it; what it does not say comes from PGHOST, PGSERVICE, PGPASSFILE, … Failures
  /// call the database `shown`. database_unusable.
  static Result<std::unique_ptr<Postgres>> connect(const std::string& uri, const std::string& shown,
                                                   const StopFlag& stop);
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  /// One command with values for $1, $2, …, or several with none.
  PostgresAnswer ask(const std::string& sql, const std::vector<std::string>& values = {});
  /// The same, where any answer but "done" is a failure. database_unusable, interrupted.
  Result<PostgresAnswer> must(const std::string& sql, const std::vector<std::string>& values = {});
  /// Sends `rows` to the COPY … FROM STDIN that `sql` ends with.
  PostgresAnswer copy(const std::string& sql, std::string_view rows);

  [[nodiscard]] Failure failed(const PostgresAnswer& answer) const;
  /// A name as SQL has it in a text: for to_regclass() and the like values are better.
  [[nodiscard]] const std::string& shown() const noexcept { return shown_; }

 private:
  Postgres(std::string shown, const StopFlag& stop) : shown_(std::move(shown)), stop_(stop) {}
  [[nodiscard]] bool wait(bool to_write);
  [[nodiscard]] bool flush();
  PostgresAnswer results();
  PostgresAnswer lost();
  static void add(pg_result* result, PostgresAnswer& answer);

  std::string shown_;
  const StopFlag& stop_;
  pg_conn* handle_ = nullptr;
};

}  // namespace trama
