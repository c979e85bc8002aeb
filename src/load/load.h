// Loads: the targets of rows that are databases. src/README.md tells how a load works.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/stop_flag.h"
#include "load/destination.h"
#include "plan/plan.h"
#include "sink/publish.h"
#include "sink/target.h"

namespace trama {

/// The target of a plan whose format loads(). Nothing is changed in the database before begin().
/// usage, database_unusable, output_busy, and what load_table() gives.
Result<std::unique_ptr<Target>> open_load(const std::string& output, const Plan& plan,
                                          const StopFlag& stop);

/// Whether Target::ticket() is one of a load, and whether that load was committed: was_published()
/// for databases. database_unusable.
bool is_load_ticket(std::string_view ticket) noexcept;
Result<Published> was_loaded(std::string_view ticket);

// Only for load/.
Result<std::unique_ptr<Target>> open_sqlite_load(const std::string& output,
                                                 const Destination& destination, const Plan& plan);
Result<std::unique_ptr<Target>> open_postgres_load(const std::string& output,
                                                   const Destination& destination, const Plan& plan,
                                                   const StopFlag& stop);
Result<Published> was_loaded_into_postgres(const std::string& place, const std::string& load);
Result<Published> was_loaded_into_sqlite(const std::string& place, const std::string& load);

}  // namespace trama
