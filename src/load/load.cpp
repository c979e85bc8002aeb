#include "load/load.h"

#include "sink/format.h"

namespace trama {
namespace {

constexpr std::string_view kSqliteTicket = "load sqlite ";
constexpr std::string_view kPostgresTicket = "load postgresql ";

}  // namespace

Result<std::unique_ptr<Target>> open_load(const std::string& output, const Plan& plan,
                                          const StopFlag& stop) {
  Destination destination;
  if (Phrase wrong = read_destination(output, *plan.format, destination); !wrong.empty())
    return Failure{FailureCode::usage, {std::move(wrong)}};
  if (plan.format == &kSqliteFormat) return open_sqlite_load(output, destination, plan);
  return open_postgres_load(output, destination, plan, stop);
}

bool is_load_ticket(std::string_view ticket) noexcept {
  return ticket.starts_with(kSqliteTicket) || ticket.starts_with(kPostgresTicket);
}

Result<Published> was_loaded(std::string_view ticket) {
  const bool sqlite = ticket.starts_with(kSqliteTicket);
  ticket.remove_prefix(sqlite ? kSqliteTicket.size() : kPostgresTicket.size());
  const std::size_t blank = ticket.find(' ');
  if (blank == std::string_view::npos) return Published::unknown;
  const std::string load(ticket.substr(0, blank));
  const std::string place(ticket.substr(blank + 1));
  return sqlite ? was_loaded_into_sqlite(place, load) : was_loaded_into_postgres(place, load);
}

}  // namespace trama
