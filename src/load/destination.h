// Destination: a database that `-o` names, and its table.
//
//   sqlite:crm.db?table=reservas
//   postgresql://host/crm?table=ventas.reservas        postgresql://?service=crm
//
// A URI of PostgreSQL is libpq's (PostgreSQL 15, 34.1.1.2), and `table` is ours.

#pragma once

#include <string>
#include <string_view>

#include "base/phrase.h"
#include "base/result.h"
#include "plan/plan.h"

namespace trama {

struct Destination {
  std::string place;  // the file; or the URI without what is ours
  std::string table;  // "": that of the mapping
};

/// What is wrong with `output` as a destination of `format`, in words; or nothing.
Phrase read_destination(std::string_view output, const FormatSpec& format, Destination& out);

/// The file that `output` is, or "": a database on a server.
std::string file_of_load(std::string_view output, const FormatSpec& format);
/// Where rejects go that nobody gives a name.
std::string rejects_of_load(std::string_view output, const Plan& plan);

}  // namespace trama
