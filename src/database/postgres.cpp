#include "database/postgres.h"

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/phrase_codes.h"
#include "database/libpq.h"

namespace trama {
namespace {

/// How often a wait looks whether the run is to stop, in milliseconds.
constexpr int kLooks = 200;
/// Of rows that are sent at once.
constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;

struct ClearResult {
  void operator()(PGresult* result) const noexcept { libpq().PQclear(result); }
};
using ResultOwner = std::unique_ptr<PGresult, ClearResult>;

/// The first line, without what libpq puts in front of it.
std::string one_line(const char* message) {
  std::string_view text = message == nullptr ? "" : message;
  text = text.substr(0, text.find('\n'));
  for (const std::string_view lead : {"ERROR:  ", "FATAL:  "})
    if (text.starts_with(lead)) text.remove_prefix(lead.size());
  return std::string(text);
}

std::string field(const PGresult* result, int code) {
  const char* const text = libpq().PQresultErrorField(result, code);
  return text == nullptr ? std::string() : text;
}

/// The number in "COPY reservas, line 17, column total: …", as a server says it in most languages; 0
/// where there is none. The name of a table may lead it astray: it is where to look first.
std::size_t copied_line(std::string_view context) {
  constexpr std::string_view kCopy = "COPY ";
  const std::size_t begin = context.find(kCopy);
  if (begin == std::string_view::npos) return 0;
  const std::size_t digit =
      context.find_first_of("0123456789", std::min(context.find(',', begin), context.size()));
  std::size_t line = 0;
  if (digit != std::string_view::npos)
    std::from_chars(context.data() + digit, context.data() + context.size(), line);
  return line;
}

}  // namespace

std::uint64_t PostgresAnswer::number(std::size_t column) const {
  std::uint64_t made = 0;
  if (rows.empty() || rows[0].size() <= column || !rows[0][column]) return 0;
  const std::string& text = *rows[0][column];
  std::from_chars(text.data(), text.data() + text.size(), made);
  return made;
}

Result<std::unique_ptr<Postgres>> Postgres::connect(const std::string& uri,
                                                    const std::string& shown,
                                                    const StopFlag& stop) {
  if (Result<void> loaded = load_libpq(shown); !loaded.ok()) return std::move(loaded.failure());
  std::unique_ptr<Postgres> made(new Postgres(shown, stop));
  // What the URI says wins over what stands before it, and not over what stands behind.
  const char* const keywords[] = {"connect_timeout", "fallback_application_name", "keepalives_idle",
                                  "dbname",          "client_encoding",           nullptr};
  const char* const values[] = {"30", "trama", "60", uri.c_str(), "UTF8", nullptr};
  made->handle_ = libpq().PQconnectdbParams(keywords, values, 1);
  if (made->handle_ == nullptr) return Failure{FailureCode::no_memory, {}};
  if (libpq().PQstatus(made->handle_) != CONNECTION_OK)
    return Failure{FailureCode::database_unusable,
                   {shown, one_line(libpq().PQerrorMessage(made->handle_))}};
  libpq().PQsetNoticeProcessor(made->handle_, [](void*, const char*) {}, nullptr);
  if (libpq().PQsetnonblocking(made->handle_, 1) != 0) return Failure{FailureCode::no_memory, {}};
  return made;
}

Postgres::~Postgres() {
  if (handle_ != nullptr) libpq().PQfinish(handle_);
}

/// Until the socket is ready; false: the connection is gone, or the run is to stop.
bool Postgres::wait(bool to_write) {
  for (;;) {
    pollfd socket{};
    socket.fd = libpq().PQsocket(handle_);
    socket.events = static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN);
    if (socket.fd < 0) return false;
    const int ready = ::poll(&socket, 1, kLooks);
    if (stop_.asked() != 0) {
      char words[256];
      if (PGcancel* const cancel = libpq().PQgetCancel(handle_)) {
        (void)libpq().PQcancel(cancel, words, sizeof(words));
        libpq().PQfreeCancel(cancel);
      }
      return false;
    }
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

/// Sends what waits to be sent, and takes what comes meanwhile, so that both sides go on.
bool Postgres::flush() {
  for (;;) {
    const int left = libpq().PQflush(handle_);
    if (left == 0) return true;
    if (left < 0 || !wait(true)) return false;
    if (libpq().PQconsumeInput(handle_) == 0) return false;
  }
}

PostgresAnswer Postgres::lost() {
  PostgresAnswer answer;
  answer.lost = true;
  answer.message = one_line(libpq().PQerrorMessage(handle_));
  return answer;
}

void Postgres::add(PGresult* result, PostgresAnswer& answer) {
  switch (libpq().PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      break;
    default:
      if (!answer.ok) return;  // what follows the first error
      answer.ok = false;
      answer.sqlstate = field(result, PG_DIAG_SQLSTATE);
      answer.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
      answer.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
      answer.line = copied_line(field(result, PG_DIAG_CONTEXT));
      if (answer.message.empty()) answer.message = one_line(libpq().PQresultErrorMessage(result));
      return;
  }
  answer.tag = libpq().PQcmdStatus(result);
  if (libpq().PQresultStatus(result) != PGRES_TUPLES_OK) return;
  answer.rows.clear();
  for (int r = 0; r < libpq().PQntuples(result); ++r) {
    std::vector<std::optional<std::string>>& row = answer.rows.emplace_back();
    for (int c = 0; c < libpq().PQnfields(result); ++c) {
      if (libpq().PQgetisnull(result, r, c) != 0)
        row.emplace_back();
      else
        row.emplace_back(std::string(libpq().PQgetvalue(result, r, c),
                                     static_cast<std::size_t>(libpq().PQgetlength(result, r, c))));
    }
  }
}

/// All that the server says to what was sent.
PostgresAnswer Postgres::results() {
  PostgresAnswer answer;
  answer.ok = true;
  if (!flush()) return lost();
  for (;;) {
    while (libpq().PQisBusy(handle_) != 0)
      if (!wait(false) || libpq().PQconsumeInput(handle_) == 0) return lost();
    const ResultOwner result(libpq().PQgetResult(handle_));
    if (result == nullptr) break;
    if (libpq().PQresultStatus(result.get()) == PGRES_COPY_IN) break;
    add(result.get(), answer);
  }
  if (libpq().PQstatus(handle_) != CONNECTION_OK) {
    PostgresAnswer gone = lost();
    if (!answer.message.empty()) gone.message = answer.message;
    return gone;
  }
  return answer;
}

PostgresAnswer Postgres::ask(const std::string& sql, const std::vector<std::string>& values) {
  int sent = 0;
  if (values.empty()) {
    sent = libpq().PQsendQuery(handle_, sql.c_str());
  } else {
    std::vector<const char*> texts;
    for (const std::string& value : values) texts.push_back(value.c_str());
    sent = libpq().PQsendQueryParams(handle_, sql.c_str(), static_cast<int>(texts.size()), nullptr,
                                     texts.data(), nullptr, nullptr, 0);
  }
  return sent == 0 ? lost() : results();
}

Result<PostgresAnswer> Postgres::must(const std::string& sql,
                                      const std::vector<std::string>& values) {
  PostgresAnswer answer = ask(sql, values);
  if (!answer.ok) return failed(answer);
  return answer;
}

PostgresAnswer Postgres::copy(const std::string& sql, std::string_view rows) {
  PostgresAnswer begun = ask(sql);
  if (!begun.ok) return begun;
  while (!rows.empty()) {
    const std::string_view piece = rows.substr(0, kPieceBytes);
    const int put = libpq().PQputCopyData(handle_, piece.data(), static_cast<int>(piece.size()));
    if (put < 0) break;  // the answer says why
    if (put > 0) rows.remove_prefix(piece.size());
    if (!flush()) return lost();
  }
  for (;;) {
    const int end = libpq().PQputCopyEnd(handle_, nullptr);
    if (end != 0) break;
    if (!wait(true)) return lost();
  }
  return results();
}

Failure Postgres::failed(const PostgresAnswer& answer) const {
  if (stop_.asked() != 0) return {FailureCode::interrupted, {}};
  return {
      FailureCode::database_unusable,
      {shown_, answer.message.empty() ? Phrase(PhraseCode::load_lost) : Phrase(answer.message)}};
}

}  // namespace trama
