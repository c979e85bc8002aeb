#include "run/deletes.h"

#include <utility>

#include "base/phrase_codes.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;  // of rows, that are written at once

Phrase counted(PhraseCode code, std::uint64_t count) {
  return {code, {grouped(count)}};
}

}  // namespace

Deletes judge_deletes(const Plan& plan, const Operations& operations, bool whole) {
  Deletes deletes;
  const std::uint64_t gone = operations.gone();
  if (!plan.identity->full_dump || gone == 0) return deletes;
  const std::uint64_t without = operations.without_key();
  if (!whole || without > 0) {
    const Phrase why =
        whole ? Phrase(PhraseCode::run_gone_without_key, {counted(PhraseCode::records, without)})
              : Phrase(PhraseCode::run_gone_part);
    deletes.held_back =
        Alert{NoticeCode::deletes_held_back, "", {counted(PhraseCode::things, gone), why}};
    deletes.alert = whole;  // else what was not read is told already
    return deletes;
  }
  const PlanLimit& limit = plan.deleted_at_most;
  if (!limit.crossed(gone, operations.known())) {
    deletes.told = true;
  } else if (limit.percent) {
    const std::string figure = plain(Value::decimal(limit.figure));
    deletes.over_limit =
        Phrase(PhraseCode::run_deleted_share, {shown_percent(gone, operations.known(), figure)});
  } else {
    deletes.over_limit = counted(PhraseCode::things, gone);
  }
  return deletes;
}

Result<void> write_deletes(Operations& operations, SplitMapper& writer, Target& rows,
                           const StopFlag& stop) {
  RowBlock block;
  const auto take = [&]() -> Result<void> {
    writer.finish(block);
    Result<void> taken = rows.take(std::move(block));
    block = {};
    return taken;
  };
  const auto write = [&](const KnownThings::Entry& entry) -> Result<bool> {
    TRAMA_TRY_VOID(writer.gone(entry, block));
    if (block.bytes.size() >= kBlockBytes) TRAMA_TRY_VOID(take());
    return stop.asked() == 0;
  };
  TRAMA_TRY_VOID(operations.each_gone(write));
  return take();
}

}  // namespace trama
