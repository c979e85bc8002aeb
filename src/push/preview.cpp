// preview_push(): what a push would do.

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "push/push.h"
#include "push/request.h"
#include "push/rows.h"
#include "push/standing.h"
#include "report/operation.h"
#include "run/run.h"
#include "service/exchange.h"
#include "state/state.h"

namespace trama {

Result<PushPreview> preview_push(const PushTarget& target, const PushOptions& options) {
  TRAMA_TRY(const HttpClient client, HttpClient::make({}));  // URLs are read by libcurl
  std::unique_ptr<State> state;
  std::optional<TargetLedger> ledger;
  struct stat about{};
  if (::stat(options.state.c_str(), &about) == 0 || errno != ENOENT) {
    TRAMA_TRY(state, State::open(options.state, Database::Use::write));
    TRAMA_TRY(ledger, state->find_target(target.name));
  }
  const Authorizer authorizer = Authorizer::masked(target.authorization);
  PushPreview preview;
  std::array<bool, kPushOperations.size()> shown{};
  PushRows rows(target, options.rows, *options.stop);
  std::uint64_t known_rows = 0;
  const auto one = [&](const PushRecord& record, std::size_t index, std::uint64_t part,
                       const Standing& standing) -> Result<void> {
    PushReport& report = preview.report;
    ++report.read;
    PushRow row = record.rows[index];
    std::optional<Delivery> known = standing.first();
    if (ledger && part > 1) {
      TRAMA_TRY(known, ledger->find(record.thing(), part));
    }
    const bool is_over = row.record <= known_rows && known && !standing.is_of(*known);
    const bool has_it = is_over || (known && standing.has(*known)) || record.is_repeated(index);
    if (row.is_unchanged && standing.first() && !has_it &&
        row.operation == word_of(Operation::unchanged))
      send_all_the_same(row, known.value_or(*standing.first()));
    if (row.is_unchanged) {
      ++report.unchanged;
      return {};
    }
    if (!row.kind || !target.operation(*row.kind)) {
      ++report.rejected;
      return {};
    }
    TRAMA_TRY_VOID(rows.check_key(row, *target.operation(*row.kind)));
    if (has_it) {
      ++report.already;
      return {};
    }
    ++report.acknowledged;
    bool& is_shown = shown[static_cast<std::size_t>(*row.kind)];
    if (is_shown) return {};
    is_shown = true;
    const bool again = known && standing.is_of(*known);
    const std::uint64_t turn =
        !again ? 0 : known->turn + (known->state == Delivery::State::refused ? 1U : 0U);
    HttpRequest request =
        request_for(target, *row.kind, row.key, target.batch == 1 ? row.body : '[' + row.body + ']',
                    standing.keys_of(record, index)(turn));
    authorizer.add_to(request, milliseconds_now());
    preview.requests.push_back({row.operation, shown_request(request, authorizer)});
    return {};
  };
  const auto take = [&](const PushRecord& record) -> Result<void> {
    std::optional<Delivery> first;
    if (ledger) {
      TRAMA_TRY(first, ledger->find(record.thing(), 1));
    }
    const Standing standing(record, std::move(first));
    std::uint64_t part = 0;
    for (std::size_t i = 0; i < record.rows.size(); ++i) {
      if (!record.is_repeated(i)) ++part;
      TRAMA_TRY_VOID(one(record, i, part, standing));
    }
    return {};
  };
  if (ledger) {
    TRAMA_TRY(known_rows, rows.known_rows(ledger->pushed()));
  }
  TRAMA_TRY_VOID(rows.each(take, [&](const PushRow&, const Phrase&) -> Result<void> {
    ++preview.report.read;
    ++preview.report.rejected;
    return {};
  }));
  return preview;
}

}  // namespace trama
