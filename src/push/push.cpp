#include "push/push.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "push/request.h"
#include "push/rows.h"
#include "push/standing.h"
#include "report/json_out.h"
#include "report/operation.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "service/exchange.h"
#include "service/service_lock.h"
#include "sink/output_file.h"
#include "state/state.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kMostHeld = 64;  // deliveries that are known to be ended and not yet written
constexpr std::size_t kMostBytesAtOnce = std::size_t{16} << 20U;  // of a batch, and of one row more

/// A row on its way.
struct Sending {
  PushRow row;
  PushKind kind{};  // what is asked for
  Delivery delivery;
  std::optional<Delivery> before{};  // that it takes the place of
  std::function<std::string(std::uint64_t turn)> key_of;
  bool again = false;  // it may have been heard before, under the same key

  void begin_turn(std::uint64_t turn) {
    delivery.turn = turn;
    delivery.sent_key = key_of(turn);
  }
};

class Pushing {
 public:
  Pushing(const PushTarget& target, const PushOptions& options, Exchange exchange,
          TargetLedger ledger, PushReport& report)
      : target_(target),
        options_(options),
        exchange_(std::move(exchange)),
        ledger_(std::move(ledger)),
        rows_(target, options.rows, *options.stop),
        report_(report) {}

  Result<void> run() {
    const std::int64_t started = milliseconds_now();
    Result<void> done = work();
    // What was answered is known, and what was refused is told, however it ended.
    if (Result<void> kept = write_ended(); done.ok() && !kept.ok()) done = std::move(kept);
    if (Result<void> told = end_rejects(done.ok()); done.ok() && !told.ok()) done = std::move(told);
    report_.requests = exchange_.requests();
    report_.retries = exchange_.retries();
    if (done.ok() && report_.read != report_.done())
      done = Failure{FailureCode::balance,
                     {std::to_string(report_.read) + " != " + std::to_string(report_.done())}};
    Result<void> noted = note(started, done);
    if (done.ok()) return noted;
    return masked(std::move(done.failure()), exchange_.authorizer());
  }

 private:
  Result<void> work() {
    TRAMA_TRY_VOID(exchange_.use_breaker(ledger_.breaker(), [this](const BreakerState& breaker) {
      return ledger_.set_breaker(breaker);
    }));
    TRAMA_TRY(known_rows_, rows_.known_rows(ledger_.pushed()));
    TRAMA_TRY_VOID(rows_.each(
        [this](const PushRecord& record) { return one(record); },
        [this](const PushRow& row, const Phrase& wrong) {
          count();
          return reject(row, "read", name(code_of(static_cast<Reason>(wrong.row))), 0, wrong);
        }));
    TRAMA_TRY_VOID(send_waiting());
    const PushedRows all{report_.read, rows_.digest()};
    return ledger_.write(std::exchange(ended_, {}), &all);
  }

  Result<void> note(std::int64_t started, Result<void>& done) {
    StatePush push;
    push.target = target_.name;
    push.outcome = done.ok() ? "complete" : "stopped";
    if (!done.ok()) push.code = name(done.failure().code);
    push.started = started;
    push.finished = milliseconds_now();
    push.read = report_.read;
    push.acknowledged = report_.acknowledged;
    push.already = report_.already;
    push.unchanged = report_.unchanged;
    push.rejected = report_.rejected;
    push.requests = report_.requests;
    push.retries = report_.retries;
    push.opened = exchange_.opened();
    return ledger_.add(push);
  }

  // ---- what is to be done with a row ----

  void count() {
    ++report_.read;
    if (options_.progress) options_.progress(report_.read);
  }

  Result<void> one(const PushRecord& record) {
    if (is_waiting(record.thing())) TRAMA_TRY_VOID(send_waiting());
    TRAMA_TRY(std::optional<Delivery> first, find(record.thing(), 1));
    const Standing standing(record, std::move(first));
    std::uint64_t part = 0;
    for (std::size_t i = 0; i < record.rows.size(); ++i) {
      count();
      // A row that says the same as the one before it is that one once more.
      if (!record.is_repeated(i))
        ++part;
      else
        TRAMA_TRY_VOID(send_waiting());
      TRAMA_TRY_VOID(one(record, i, part, standing));
    }
    return {};
  }

  Result<void> one(const PushRecord& record, std::size_t index, std::uint64_t part,
                   const Standing& standing) {
    PushRow row = record.rows[index];
    Sending sending;
    sending.delivery.key = record.thing();
    sending.delivery.part = part;
    if (index == 0) {
      sending.before = standing.first();
    } else {
      TRAMA_TRY(sending.before, find(record.thing(), part));
    }
    const std::optional<Delivery>& before = sending.before;
    // Of a file that is pushed again: another content of the thing, behind this row, was sent too.
    const bool is_over = row.record <= known_rows_ && before && !standing.is_of(*before);
    const bool is_known = standing.first() && row.operation == word_of(Operation::unchanged);
    if (row.is_unchanged && (is_over || !is_known || (before && standing.has(*before)))) {
      ++report_.unchanged;
      return {};
    }
    if (is_over) {
      ++report_.already;
      return {};
    }
    if (row.is_unchanged) send_all_the_same(row, before.value_or(*standing.first()));
    if (!row.kind || !target_.operation(*row.kind)) {
      const Phrase why = rows_.not_told(row);
      return reject(row, "write", name(NoticeCode::row_operation), 0, why);
    }
    TRAMA_TRY_VOID(rows_.check_key(row, *target_.operation(*row.kind)));
    sending.kind = *row.kind;
    sending.delivery.content = standing.content();
    sending.delivery.epoch = standing.epoch();
    sending.delivery.operation = row.operation;
    sending.delivery.taken = before && before->taken;
    sending.key_of = standing.keys_of(record, index);
    sending.row = std::move(row);
    if (record.rows.size() == 1) send_as_change(sending, standing);
    TRAMA_TRY(const bool to_send, decide(sending, standing));
    return to_send ? wait(std::move(sending)) : Result<void>();
  }

  /// What is there is changed, and not made once more.
  void send_as_change(Sending& sending, const Standing& standing) const {
    if (sending.kind != PushKind::insert || !sending.delivery.taken) return;
    if (!target_.operation(PushKind::update) || standing.is_of(*sending.before)) return;
    sending.kind = PushKind::update;
    sending.delivery.operation = word_of(Operation::update);
  }

  [[nodiscard]] bool is_waiting(const std::string& thing) const {
    return waiting_things_.contains(thing);
  }

  Result<std::optional<Delivery>> find(const std::string& key, std::uint64_t part) {
    for (std::size_t i = ended_.size(); i-- > 0;)
      if (ended_[i].key == key && ended_[i].part == part) return std::optional<Delivery>(ended_[i]);
    return ledger_.find(key, part);
  }

  /// Whether it may be sent again as it is, whatever became of it.
  [[nodiscard]] bool may_repeat(PushKind kind, const Delivery& delivery) const {
    if (target_.operation(kind)->is_idempotent()) return true;
    const std::int64_t lived = milliseconds_now() - delivery.first_sent;
    return !target_.key_header.empty() && lived >= 0 && lived <= target_.key_lives;
  }

  /// False: nothing is to be sent, and it is counted.
  Result<bool> decide(Sending& sending, const Standing& standing) {
    sending.begin_turn(0);
    if (!sending.before) return true;
    const Delivery before = *sending.before;
    const bool is_same = standing.is_of(before);
    const std::optional<PushKind> kind = kind_of(before);
    const bool known_kind = kind && target_.operation(*kind);
    if (before.state == Delivery::State::acknowledged) {
      if (is_same) ++report_.already;
      return !is_same;
    }
    if (before.state == Delivery::State::refused) {
      send_as_new(sending, kind);
      if (is_same) sending.begin_turn(before.turn + 1);
      return true;
    }
    if (is_same && known_kind && may_repeat(*kind, before)) {
      sending.kind = *kind;
      sending.delivery = before;
      sending.again = true;
      return true;
    }
    if (!is_same && known_kind && target_.operation(*kind)->is_idempotent()) return true;
    TRAMA_TRY_VOID(send_waiting());
    Phrase why = is_same ? Phrase(PhraseCode::push_no_answer) : PhraseCode::push_other_row;
    if (is_same && !target_.key_header.empty())
      why = {PhraseCode::push_key_old, {shown_time(target_.key_lives)}};
    TRAMA_TRY(const bool arrived, settle(sending.row, before, why, true));
    if (arrived) {
      Delivery ended = before;
      ended.state = Delivery::State::acknowledged;
      ended.taken = kind != PushKind::remove;
      TRAMA_TRY_VOID(ledger_.write({&ended, 1}));
      sending.before = ended;
      if (is_same) ++report_.acknowledged;
      return !is_same;
    }
    send_as_new(sending, kind);
    if (is_same) sending.begin_turn(before.turn + 1);
    return true;
  }

  /// What is not there, as its insert failed, cannot be changed.
  void send_as_new(Sending& sending, std::optional<PushKind> failed) const {
    if (failed != PushKind::insert || sending.kind != PushKind::update) return;
    if (sending.delivery.taken) return;
    if (!target_.operation(PushKind::insert)) return;
    sending.kind = PushKind::insert;
    sending.delivery.operation = kPushOperations.front();
  }

  static std::optional<PushKind> kind_of(const Delivery& delivery) {
    for (std::size_t i = 0; i < kPushOperations.size(); ++i)
      if (kPushOperations[i] == delivery.operation) return static_cast<PushKind>(i);
    return std::nullopt;
  }

  /// Whether a delivery arrived of which no answer is known. delivery_unknown.
  /// `by_person`: whether what a person says of such deliveries is said of this one.
  Result<bool> settle(const PushRow& row, const Delivery& delivery, const Phrase& why,
                      bool by_person) {
    if (by_person && options_.settle != PushOptions::Settle::no)
      return options_.settle == PushOptions::Settle::acknowledged;
    // That a thing is there says nothing of whether it was changed.
    if (target_.lookup.empty() || delivery.operation != kPushOperations.front())
      return unknown(row, delivery, why);
    HttpRequest request;
    request.url = with_key(target_.lookup, row.key);
    request.headers = target_.headers;
    Exchange::Terms terms;
    terms.is_answer = [](int status) {
      return is_success(status) || status == 404 || status == 410;
    };
    TRAMA_TRY(const HttpAnswer answer, exchange_.ask(request, taker(), terms));
    return is_success(answer.status);
  }

  Failure unknown(const PushRow& row, const Delivery& delivery, Phrase why) const {
    return {FailureCode::delivery_unknown,
            {target_.name, grouped(row.record),
             visible(shortened(row.key.empty() ? row.row_key : row.key)), delivery.operation,
             utc_second(delivery.first_sent), std::move(why)}};
  }

  // ---- requests ----

  /// Rows of one request: those of one operation that are sent for the first time, or those that went together
  /// before.
  Result<void> wait(Sending sending) {
    if (!waiting_.empty()) {
      const Sending& first = waiting_.front();
      const bool together =
          first.kind == sending.kind && first.again == sending.again &&
          (!sending.again || first.delivery.sent_key == sending.delivery.sent_key);
      if (!together) TRAMA_TRY_VOID(send_waiting());
    }
    const std::uint64_t rows = sending.again ? sending.delivery.rows : target_.batch;
    waiting_things_.insert(sending.delivery.key);
    waiting_bytes_ += sending.again ? 0 : sending.row.body.size();
    waiting_.push_back(std::move(sending));
    const bool is_whole = waiting_.size() >= rows || waiting_bytes_ >= kMostBytesAtOnce;
    return is_whole ? send_waiting() : Result<void>();
  }

  Result<void> send_waiting() {
    if (waiting_.empty()) return {};
    std::vector<Sending> all = std::exchange(waiting_, {});
    waiting_things_.clear();
    waiting_bytes_ = 0;
    if (all.front().again && !are_those_of_before(all)) TRAMA_TRY_VOID(take_apart(all));
    return send(all);
  }

  /// Whether these rows, in this order, were sent together under their key.
  static bool are_those_of_before(const std::vector<Sending>& all) {
    const Delivery& first = all.front().delivery;
    return all.size() == first.rows && (all.size() == 1 || key_of_all(all) == first.sent_key);
  }
  static std::string key_of_all(std::span<const Sending> all) {
    std::string keys;
    for (const Sending& one : all) keys += one.key_of(one.delivery.turn) + ' ';
    return made_key(keys);
  }

  /// Rows that went with others that are not there: the same request cannot be made again.
  Result<void> take_apart(std::vector<Sending>& all) {
    // PUT, PATCH and DELETE are sent again in any case.
    if (!target_.operation(all.front().kind)->is_idempotent()) {
      if (options_.settle == PushOptions::Settle::no)
        return unknown(all.front().row, all.front().delivery, PhraseCode::push_other_batch);
      if (options_.settle == PushOptions::Settle::acknowledged) {
        const std::vector<Sending> settled = std::exchange(all, {});
        return acknowledged(settled);
      }
    }
    begin_anew(all);
    return {};
  }

  static void begin_anew(std::span<Sending> all) {
    for (Sending& one : all) {
      one.again = false;
      one.begin_turn(one.delivery.turn + 1);
    }
  }

  Result<void> send(std::span<Sending> all) {
    if (all.empty()) return {};
    Sending& first = all.front();
    // It may have waited for others for longer than its key lives.
    if (first.again && !may_repeat(first.kind, first.delivery)) return not_known(all, false, {});
    if (!first.again) TRAMA_TRY_VOID(note_sent(all));
    const bool told = !target_.key_header.empty();
    HttpRequest request =
        request_for(target_, first.kind, first.row.key, body_of(all), first.delivery.sent_key);
    request.once = !told && !target_.operation(first.kind)->is_idempotent();
    const auto again = [&] { return first.again || exchange_.may_be_done(); };
    Exchange::Terms terms;
    terms.headers_are_enough = true;
    terms.repeatable = [&] { return may_repeat(first.kind, first.delivery); };
    // Of a server that knows keys it may be that it still works on the request before.
    terms.passes = [&](int status) {
      return is_transient(status) || (status == 409 && told && again());
    };
    terms.is_answer = [&](int status) {
      if (is_success(status)) return true;
      if (status < 400 || status > 499 || terms.passes(status)) return false;
      if (status == 401 || status == 403) return false;
      return first.kind != PushKind::insert || (status != 404 && status != 405);
    };
    Result<HttpAnswer> asked = exchange_.ask(request, taker(), terms);
    if (!asked.ok()) return not_answered(all, again(), std::move(asked.failure()));
    const HttpAnswer& answer = asked.value();
    const bool is_gone = first.kind == PushKind::remove &&
                         target_.operation(first.kind)->method == "DELETE" &&
                         (answer.status == 404 || answer.status == 410);
    if (is_success(answer.status) || is_gone) return acknowledged(all);
    if (all.size() > 1) return halves(all);
    end(first, Delivery::State::refused);
    const std::string said = said_by(answer, exchange_.authorizer());
    Phrase says = said.empty() ? Phrase() : Phrase(PhraseCode::push_said, {said});
    const Phrase why(NoticeCode::row_refused, {std::to_string(answer.status), std::move(says)});
    return reject(first.row, "write", name(NoticeCode::row_refused), answer.status, why);
  }

  static bool is_success(int status) noexcept { return status >= 200 && status <= 299; }

  /// On the disk before it goes out, with what was answered meanwhile.
  Result<void> note_sent(std::span<Sending> all) {
    if (all.size() > 1) {
      const std::string key = key_of_all(all);
      for (Sending& one : all) one.delivery.sent_key = key;
    }
    std::vector<Delivery> written = std::exchange(ended_, {});
    const std::int64_t now = milliseconds_now();
    for (Sending& one : all) {
      one.delivery.state = Delivery::State::sent;
      one.delivery.rows = all.size();
      one.delivery.first_sent = now;
      written.push_back(one.delivery);
    }
    const PushRow& first = all.front().row;
    const PushedRows before{first.record - 1, first.digest};
    return ledger_.write(written, before.rows > known_rows_ ? &before : nullptr);
  }

  [[nodiscard]] std::string body_of(std::span<const Sending> all) const {
    if (target_.batch == 1) return all.front().row.body;
    std::string body = "[";
    for (const Sending& one : all) (body += body.size() > 1 ? "," : "") += one.row.body;
    return body + ']';
  }

  /// What a server says with 200 is not looked into.
  static AnswerTaker taker() {
    AnswerTaker taker;
    taker.begin = []() -> Result<void> { return {}; };
    taker.take = [](std::string_view) -> Result<void> { return {}; };
    taker.most = UINT64_MAX;
    return taker;
  }

  void end(const Sending& sending, Delivery::State state) {
    Delivery& ended = ended_.emplace_back(sending.delivery);
    ended.state = state;
    if (state == Delivery::State::acknowledged) ended.taken = sending.kind != PushKind::remove;
  }

  Result<void> acknowledged(std::span<const Sending> all) {
    for (const Sending& one : all) end(one, Delivery::State::acknowledged);
    report_.acknowledged += all.size();
    // Where a key protects, what is not written yet is only sent once more.
    const bool at_once = !may_repeat(all.front().kind, all.front().delivery);
    return at_once || ended_.size() >= kMostHeld ? write_ended() : Result<void>();
  }

  Result<void> write_ended() {
    if (ended_.empty()) return {};
    const std::vector<Delivery> ended = std::exchange(ended_, {});
    return ledger_.write(ended);
  }

  /// A server that refuses a list does not say which of its rows it does not like.
  Result<void> halves(std::span<Sending> all) {
    for (const Sending& one : all) end(one, Delivery::State::refused);
    begin_anew(all);
    const std::size_t half = all.size() / 2;
    TRAMA_TRY_VOID(send(all.first(half)));
    return send(all.subspan(half));
  }

  Result<void> not_answered(std::span<Sending> all, bool again, Failure failure) {
    const Sending& first = all.front();
    if (!exchange_.may_be_done() && !first.again) {
      TRAMA_TRY_VOID(take_back(all));
      return failure;
    }
    // Whoever is asked now would not answer either.
    const bool stays = failure.code == FailureCode::interrupted || exchange_.opened();
    // A conflict with what was sent before: most likely with itself.
    const bool conflict = exchange_.last_status() == 409 && again;
    if (stays || (may_repeat(first.kind, first.delivery) && !conflict)) return failure;
    return not_known(all, conflict, std::move(failure));
  }

  /// What was sent may be there or not: a lookup says so, or a person. `failure`: of the request, if there was one.
  Result<void> not_known(std::span<Sending> all, bool conflict, std::optional<Failure> failure) {
    const Sending& first = all.front();
    const Phrase why = conflict ? PhraseCode::push_conflict : PhraseCode::push_no_answer;
    const bool by_person = first.again && options_.settle != PushOptions::Settle::no;
    if (all.size() > 1 && !by_person) return unknown(first.row, first.delivery, why);
    TRAMA_TRY(const bool arrived, settle(first.row, first.delivery, why, first.again));
    if (arrived) return acknowledged(all);
    if (settled_once_) return failure ? *failure : unknown(first.row, first.delivery, why);
    begin_anew(all);
    return send_once_more(all);
  }

  /// Nothing was sent: what is known is what was known before.
  Result<void> take_back(std::span<Sending> all) {
    std::vector<Delivery> known;
    for (const Sending& one : all) {
      if (one.before)
        known.push_back(*one.before);
      else
        TRAMA_TRY_VOID(ledger_.forget(one.delivery.key, one.delivery.part));
    }
    return known.empty() ? Result<void>() : ledger_.write(known);
  }

  Result<void> send_once_more(std::span<Sending> all) {
    settled_once_ = true;
    Result<void> sent = send(all);
    settled_once_ = false;
    return sent;
  }

  // ---- rejects ----

  Result<void> reject(const PushRow& row, std::string_view stage, std::string_view code, int status,
                      const Phrase& why) {
    ++report_.rejected;
    if (!rejects_) {
      TRAMA_TRY(rejects_, OutputFile::open(options_.rejects, *options_.stop));
    }
    JsonOut json;
    json.open('{').key("target").text(target_.name).key("file").text(options_.rows);
    json.key("record").number(row.record).key("line").number(row.line);
    json.key("byte").number(row.byte);
    json.key("key");
    row.key.empty() ? json.null() : json.text(row.key);
    json.key("operation");
    row.operation.empty() ? json.null() : json.text(row.operation);
    json.key("stage").text(stage).key("errors").open('[').open('{').key("code").text(code);
    if (status != 0) json.key("status").number(static_cast<std::uint64_t>(status));
    json.key("message").text(say(options_.files, why)).close('}').close(']');
    if (stage == "read")
      json.key("source_text").text(row.bytes);
    else
      json.key("source").raw(row.bytes);
    TRAMA_TRY_VOID(rejects_->write(json.close('}').take() + '\n'));
    if (report_.rejected <= target_.rejected_at_most) return {};
    return Failure{FailureCode::too_many_refused,
                   {target_.name, grouped(report_.rejected), grouped(target_.rejected_at_most)}};
  }

  /// Those of an earlier push do not stay beside one that came to its end.
  Result<void> end_rejects(bool complete) {
    struct stat about{};
    if (!rejects_ && complete && ::stat(options_.rejects.c_str(), &about) == 0 &&
        S_ISREG(about.st_mode) && about.st_size > 0) {
      TRAMA_TRY(rejects_, OutputFile::open(options_.rejects, *options_.stop));
    }
    if (!rejects_) return {};
    TRAMA_TRY_VOID(rejects_->publish());
    report_.has_rejects = report_.rejected > 0;
    return {};
  }

  const PushTarget& target_;
  const PushOptions& options_;
  Exchange exchange_;
  TargetLedger ledger_;
  PushRows rows_;
  PushReport& report_;
  std::vector<Sending> waiting_;  // for the rest of their request
  std::set<std::string> waiting_things_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t known_rows_ = 0;  // at the beginning of the file: those of a push before
  std::vector<Delivery> ended_;   // and not written yet
  bool settled_once_ = false;     // the row at hand is sent anew after it was looked up
  std::unique_ptr<OutputFile> rejects_;
};

Result<void> begin_push(const PushTarget& target, const PushOptions& options, PushReport& report) {
  TRAMA_TRY(Exchange exchange,
            Exchange::make(target, {options.allow_private, options.seed, options.stop}));
  TRAMA_TRY(const std::unique_ptr<State> state, State::open(options.state, Database::Use::write));
  TRAMA_TRY(const ServiceLock lock,
            ServiceLock::take(options.state + "-push-" + target.name,
                              {FailureCode::push_busy, {target.name, options.state}}));
  TRAMA_TRY(TargetLedger ledger, state->target(target.name));
  return Pushing(target, options, std::move(exchange), std::move(ledger), report).run();
}

}  // namespace

PushEnd push(const PushTarget& target, const PushOptions& options) {
  PushEnd end;
  Result<void> done = begin_push(target, options, end.report);
  if (!done.ok()) end.failure = std::move(done.failure());
  return end;
}

}  // namespace trama
