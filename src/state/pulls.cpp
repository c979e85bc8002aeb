#include "state/pulls.h"

#include <utility>

namespace trama {
Result<void> Pulls::settle() {
  TRAMA_TRY(Transaction settling, Transaction::begin(database_));
  TRAMA_TRY(Statement found,
            database_.prepare(
                "SELECT number, source, watermark IS NULL, watermark FROM pulls WHERE outcome = "
                "'complete' AND settled = 0 AND NOT EXISTS (SELECT 1 FROM pull_pages WHERE pull = "
                "pulls.number AND NOT EXISTS (SELECT 1 FROM files JOIN runs ON runs.number = "
                "files.run WHERE files.sha256 = pull_pages.sha256 AND runs.outcome = "
                "'published')) ORDER BY number"));
  struct Written {
    std::int64_t number;
    std::string source;
    bool no_watermark;
    std::int64_t watermark;
  };
  std::vector<Written> written;
  for (;;) {
    TRAMA_TRY(const bool row, found.step());
    if (!row) break;
    written.push_back({found.number(0), found.text(1), found.number(2) != 0, found.number(3)});
  }
  for (const Written& pull : written) {
    TRAMA_TRY(Statement moved,
              database_.prepare("INSERT INTO sources (source, watermark) VALUES (?, ?) ON CONFLICT "
                                "(source) DO UPDATE SET watermark = max(coalesce(watermark, "
                                "excluded.watermark), coalesce(excluded.watermark, watermark))"));
    moved.bind(pull.source);
    if (pull.no_watermark)
      moved.bind_null();
    else
      moved.bind(pull.watermark);
    TRAMA_TRY_VOID(moved.run());
    TRAMA_TRY(Statement done, database_.prepare("UPDATE pulls SET settled = 1 WHERE number = ?"));
    TRAMA_TRY_VOID(done.bind(pull.number).run());
    TRAMA_TRY(Statement forget, database_.prepare("DELETE FROM pull_pages WHERE pull = ?"));
    TRAMA_TRY_VOID(forget.bind(pull.number).run());
  }
  return settling.commit();
}

Result<KnownSource> Pulls::known(const std::string& source) {
  TRAMA_TRY_VOID(settle());
  KnownSource known;
  TRAMA_TRY(
      Statement found,
      database_.prepare("SELECT watermark IS NULL, watermark, open_until, failures FROM sources "
                        "WHERE source = ?"));
  TRAMA_TRY(const bool row, found.bind(source).step());
  if (row) {
    if (found.number(0) == 0) known.watermark = found.number(1);
    known.breaker.open_until = found.number(2);
    known.breaker.failures = BreakerState::read(found.text(3));
  }
  // What the server need not send again is what was pulled last and is written.
  TRAMA_TRY(
      Statement last,
      database_.prepare("SELECT settled, etag, modified, source_sha256 FROM pulls WHERE source = "
                        "? AND outcome = 'complete' ORDER BY number DESC LIMIT 1"));
  TRAMA_TRY(const bool pulled, last.bind(source).step());
  if (pulled && last.number(0) != 0) {
    known.etag = last.text(1);
    known.modified = last.text(2);
    known.source_sha256 = last.text(3);
  }
  return known;
}

Result<void> Pulls::add(const StatePull& pull) {
  TRAMA_TRY(Transaction adding, Transaction::begin(database_));
  TRAMA_TRY(
      Statement insert,
      database_.prepare("INSERT INTO pulls (source, source_sha256, folder, outcome, code, started, "
                        "finished, pages, bytes, requests, retries, opened, watermark, etag, "
                        "modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const auto signed_of = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  insert.bind(pull.source).bind(pull.source_sha256).bind(pull.folder).bind(pull.outcome);
  insert.bind(pull.code).bind(pull.started).bind(pull.finished).bind(signed_of(pull.pages));
  insert.bind(signed_of(pull.bytes)).bind(signed_of(pull.requests)).bind(signed_of(pull.retries));
  insert.bind(std::int64_t{pull.opened ? 1 : 0});
  if (pull.watermark)
    insert.bind(*pull.watermark);
  else
    insert.bind_null();
  TRAMA_TRY_VOID(insert.bind(pull.etag).bind(pull.modified).run());
  const std::int64_t number = database_.last_row();
  std::int64_t place = 0;
  for (const std::string& digest : pull.digests) {
    TRAMA_TRY(Statement page,
              database_.prepare("INSERT INTO pull_pages (pull, place, sha256) VALUES (?, ?, ?)"));
    TRAMA_TRY_VOID(page.bind(number).bind(place++).bind(digest).run());
  }
  return adding.commit();
}

Result<void> Pulls::set_breaker(const std::string& source, const BreakerState& breaker) {
  TRAMA_TRY(Transaction setting, Transaction::begin(database_));
  TRAMA_TRY(
      Statement set,
      database_.prepare("INSERT INTO sources (source, open_until, failures) VALUES (?, ?, ?) ON "
                        "CONFLICT (source) DO UPDATE SET open_until = excluded.open_until, "
                        "failures = excluded.failures"));
  TRAMA_TRY_VOID(set.bind(source).bind(breaker.open_until).bind(breaker.written()).run());
  return setting.commit();
}

Result<void> Pulls::each(std::int64_t since, const std::function<void(const StatePull&)>& take) {
  TRAMA_TRY(Statement found,
            database_.prepare("SELECT source, outcome, code, finished, requests, retries, opened "
                              "FROM pulls WHERE finished >= ? ORDER BY number"));
  found.bind(since);
  for (;;) {
    TRAMA_TRY(const bool row, found.step());
    if (!row) return {};
    StatePull pull;
    pull.source = found.text(0);
    pull.outcome = found.text(1);
    pull.code = found.text(2);
    pull.finished = found.number(3);
    pull.requests = static_cast<std::uint64_t>(found.number(4));
    pull.retries = static_cast<std::uint64_t>(found.number(5));
    pull.opened = found.number(6) != 0;
    take(pull);
  }
}

}  // namespace trama
