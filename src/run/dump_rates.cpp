#include "run/dump_rates.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "plan/table_lines.h"
#include "run/dump_entries.h"
#include "step/number_shape.h"
#include "value/code_sets.h"
#include "value/format.h"

namespace trama {
namespace {

using Side = PlanDumpRates::Side;

class RatesBuilder final : public DumpEntries {
 public:
  RatesBuilder(const PlanDumpRates& plan, std::size_t memory) : DumpEntries(memory), plan_(plan) {}

  /// What stands once for all of them.
  bool read_beside(const DumpRateTexts& texts) {
    from_ = plan_.from.text;
    to_ = plan_.to.text;
    return beside(plan_.from, texts.from, from_) && beside(plan_.to, texts.to, to_) &&
           beside(plan_.day, texts.day, day_);
  }

  /// The rates, in the order of their pairs and days, so that a table of many days is made in no
  /// time. False where a pair has two rates of one day.
  bool fill(RateTable& out) {
    std::sort(rates_.begin(), rates_.end(), [](const Rate& a, const Rate& b) {
      return std::tie(a.from, a.to, a.day.days) < std::tie(b.from, b.to, b.day.days);
    });
    for (const Rate& rate : rates_) {
      if (out.add(rate.from, rate.to, rate.day, rate.rate)) continue;
      std::string day;
      if (plan_.day.from != Side::From::none) append_plain(day, Value::date(rate.day), {});
      return wrong(day.empty()
                       ? Phrase(PhraseCode::table_rate_twice, {rate.from, rate.to})
                       : Phrase(PhraseCode::table_rate_twice_that_day, {rate.from, rate.to, day}));
    }
    return true;
  }

 private:
  // With its place in the table as it is looked up, a node and a line of a vector.
  static constexpr std::size_t kBytesOfRate = 400;

  struct Rate {
    std::string from, to;
    Date day;
    Decimal rate;
  };

  bool beside(const Side& side, const std::string* json, std::string& out) {
    if (side.from != Side::From::beside) return true;
    if (json != nullptr && text_of(*json, out) && !trim(out).empty()) return true;
    return wrong({PhraseCode::table_rates_beside, {side.text}});
  }

  bool takes_list() override {
    for (const Side* const side : {&plan_.from, &plan_.to, &plan_.day})
      if (side->from == Side::From::entry_key) return wrong(PhraseCode::table_list_without_keys);
    return true;
  }

  bool entry(const NodeCursor& cursor) override {
    std::string text;
    for (const PlanDumpRates::Only& only : plan_.only) {
      if (!text_at(cursor.value(), only.path, text)) return false;
      if (text != only.text) return true;
    }
    Rate rate;
    if (!side(plan_.from, cursor, from_, rate.from) || !side(plan_.to, cursor, to_, rate.to))
      return false;
    // No amount has another currency than one of ISO 4217 (such as bitcoins), so nothing asks for it.
    if (!is_currency(rate.from) || !is_currency(rate.to)) return true;
    if (plan_.day.from != Side::From::none) {
      if (!side(plan_.day, cursor, day_, text)) return false;
      if (!read_day(text, plan_.read.get(), rate.day))
        return wrong({PhraseCode::table_rate_day,
                      {where(), text, plan_.read ? plan_.read->shown : std::string("YYYY-MM-DD")}});
    }
    if (!text_at(cursor.value(), plan_.rate.path, text) || !figure(text, rate.rate)) return false;
    if (!take(kBytesOfRate)) return false;
    rates_.push_back(std::move(rate));
    return true;
  }

  bool side(const Side& side, const NodeCursor& cursor, const std::string& of_all,
            std::string& out) {
    switch (side.from) {
      case Side::From::entry_key:
        out = entry_key();
        return true;
      case Side::From::entry:
        if (!text_at(cursor.value(), side.path, out)) return false;
        return !trim(out).empty() || wrong({PhraseCode::table_entry_blank, {where(), side.text}});
      default:
        out = of_all;
        return true;
    }
  }

  /// A rate is a number above zero, in the text of a number with the marks of the table.
  bool figure(const std::string& text, Decimal& out) {
    if (trim(text).empty())
      return wrong({PhraseCode::table_entry_blank,
                    {where(), plan_.rate.text.empty() ? Phrase("rate") : Phrase(plan_.rate.text)}});
    const std::string digits = plain_digits(text, plan_.decimal_mark, plan_.thousands_mark);
    const bool read = read_decimal(digits, out) == Reason::none ||
                      read_scientific(digits, out) == Reason::none;  // 2.4e-05
    if (read && out.coefficient > 0) return true;
    return wrong({PhraseCode::table_rate_wrong, {where(), text}});
  }

  const PlanDumpRates& plan_;
  std::string from_, to_, day_;  // of all
  std::vector<Rate> rates_;
};

}  // namespace

Result<std::shared_ptr<const RateTable>> rates_of_json(const PlanDumpRates& rates,
                                                       const std::string& json,
                                                       const DumpRateTexts& texts,
                                                       const Phrase& input, std::size_t& memory) {
  RatesBuilder builder(rates, memory);
  auto table = std::make_shared<RateTable>(rates.allows);
  if (!builder.read_beside(texts) || !builder.read(json) || !builder.fill(*table))
    return builder.failure(input, rates.name, rates.path);
  memory -= builder.bytes();
  return std::shared_ptr<const RateTable>(std::move(table));
}

}  // namespace trama
