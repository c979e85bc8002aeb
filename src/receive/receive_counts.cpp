#include "receive/receive_counts.h"

#include <algorithm>

namespace trama {
namespace {

constexpr RefusalAnswer kAnswers[] = {
    {"signature_missing", "SIGNATURE_MISSING", 401},
    {"signature_wrong", "SIGNATURE_WRONG", 401},
    {"event_stale", "EVENT_STALE", 401},
    {"event_early", "EVENT_EARLY", 401},
    {"event_invalid", "EVENT_INVALID", 400},
    {"event_id_long", "EVENT_ID_LONG", 400},
    {"too_large", "TOO_LARGE", 413},
    {"rate", "TOO_MANY_REQUESTS", 429},
    {"method", "METHOD_NOT_ALLOWED", 405},
    {"path", "NOT_FOUND", 404},
    {"request", "REQUEST_INVALID", 400},
    {"not_stored", "NOT_STORED", 503},
};
static_assert(std::size(kAnswers) == kRefusals);

/// Microseconds as seconds, exactly.
std::string seconds(std::uint64_t microseconds) {
  std::string part = std::to_string(microseconds % 1'000'000);
  part.insert(0, 6 - part.size(), '0');
  return std::to_string(microseconds / 1'000'000) + '.' + part;
}

class Text {
 public:
  explicit Text(const std::string& receiver) : receiver_("{receiver=\"" + receiver + '"') {}

  void family(std::string_view name, std::string_view kind, std::string_view help) {
    name_ = "trama_receive_";
    name_ += name;
    out_ += "# HELP " + name_ + ' ';
    out_ += help;
    out_ += "\n# TYPE " + name_ + ' ';
    out_ += kind;
    out_ += '\n';
  }
  void sample(const std::string& value, std::string_view label = {}, std::string_view is = {},
              std::string_view ending = {}) {
    out_ += name_;
    out_ += ending;
    out_ += receiver_;
    if (!label.empty()) {
      out_ += ',';
      out_ += label;
      out_ += "=\"";
      out_ += is;
      out_ += '"';
    }
    out_ += "} " + value + '\n';
  }
  std::string take() { return std::move(out_); }

 private:
  std::string receiver_;  // letters, digits and - _ .
  std::string name_;
  std::string out_;
};

}  // namespace

const RefusalAnswer& answer_of(Refusal refusal) noexcept {
  return kAnswers[static_cast<std::size_t>(refusal)];
}

void ReceiveCounts::add_answer(std::uint64_t microseconds) noexcept {
  const auto* const bucket = std::lower_bound(kBuckets.begin(), kBuckets.end(), microseconds);
  ++answers[static_cast<std::size_t>(bucket - kBuckets.begin())];
  answer_microseconds += microseconds;
}

std::string receive_metrics(const std::string& receiver, const ReceiveCounts& counts,
                            std::uint64_t pending, std::uint64_t stored_bytes) {
  Text text(receiver);
  text.family("events_total", "counter", "Events that were answered with 202 or 200.");
  text.sample(std::to_string(counts.accepted), "outcome", "accepted");
  text.sample(std::to_string(counts.repeated), "outcome", "repeated");
  text.family("refused_total", "counter", "Requests that were refused.");
  for (std::size_t i = 0; i < kRefusals; ++i)
    text.sample(std::to_string(counts.refused[i]), "reason", kAnswers[i].label);
  text.family("answer_seconds", "histogram", "From the first line of a request to its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < ReceiveCounts::kBuckets.size(); ++i) {
    sum += counts.answers[i];
    text.sample(std::to_string(sum), "le", seconds(ReceiveCounts::kBuckets[i]), "_bucket");
  }
  sum += counts.answers.back();
  text.sample(std::to_string(sum), "le", "+Inf", "_bucket");
  text.sample(seconds(counts.answer_microseconds), {}, {}, "_sum");
  text.sample(std::to_string(sum), {}, {}, "_count");
  text.family("pending", "gauge", "Events that wait for the disk.");
  text.sample(std::to_string(pending));
  text.family("stored_bytes_total", "counter", "Bytes of events that were stored.");
  text.sample(std::to_string(stored_bytes));
  if (counts.last_event != 0) {  // since it began
    text.family("last_event_timestamp_seconds", "gauge", "When the last event was stored.");
    text.sample(seconds(static_cast<std::uint64_t>(counts.last_event) * 1'000));
  }
  return text.take();
}

}  // namespace trama
