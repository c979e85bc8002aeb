#include "run/dump_tables.h"

#include <algorithm>
#include <utility>

#include "base/phrase_codes.h"
#include "run/dump_entries.h"
#include "run/dump_rates.h"
#include "step/unicode.h"

namespace trama {
namespace {

/// One table while it is built. Each step that finds it wrong says so in problem() and gives false.
class TableBuilder final : public DumpEntries {
 public:
  TableBuilder(const PlanDumpTable& plan, std::size_t memory)
      : DumpEntries(memory), plan_(plan), table_(std::make_shared<LookupTable>()) {}

  [[nodiscard]] std::shared_ptr<const LookupTable> table() const noexcept { return table_; }

 private:
  static constexpr std::size_t kBytesOfEntry = 200;

  bool takes_list() override { return !plan_.key.empty() || wrong(PhraseCode::table_list); }

  bool entry(const NodeCursor& cursor) override {
    std::string value;
    if (!key_of(cursor) || !text_at(cursor.value(), plan_.value, value)) return false;
    if (!take(kBytesOfEntry + 2 * shown_.size() + value.size())) return false;
    if (table_->add(plan_.ignore_case ? fold_case(key_) : key_, value, shown_)) return true;
    if (plan_.first_counts) return true;
    return wrong(
        {plan_.ignore_case ? PhraseCode::table_key_twice_folded : PhraseCode::table_key_twice,
         {shown_}});
  }

  /// The key as the values of records are looked up.
  bool key_of(const NodeCursor& cursor) {
    key_.clear();
    shown_.clear();
    if (plan_.key.empty()) {
      shown_ = key_ = entry_key();
      return true;
    }
    std::string part;
    for (std::size_t i = 0; i < plan_.key.size(); ++i) {
      if (!text_at(cursor.value(), plan_.key[i], part)) return false;
      if (part.empty()) return wrong({PhraseCode::table_no_key, {where(), joined(plan_.key[i])}});
      if (plan_.key.size() == 1)
        key_ = part;
      else
        append_key_part(key_, i == 0, part);
      shown_ += (i > 0 ? " / " : "") + part;
    }
    return true;
  }

  const PlanDumpTable& plan_;
  std::shared_ptr<LookupTable> table_;
  std::string key_;
  std::string shown_;
};

/// How a document is called in messages.
Phrase name_of(const OutsideOfDocument& found) {
  return found.document == 0
             ? found.input
             : Phrase(PhraseCode::source_document, {found.input, std::to_string(found.document)});
}

/// What stands in the document at `path`, a table or what goes with it, as JSON.
Result<const std::string*> json_of(const std::string& name, const std::string& path,
                                   const OutsideValue& value, const OutsideOfDocument& found) {
  switch (value.state) {
    case OutsideValue::State::missing:
      if (found.failure) return *found.failure;
      return Failure{FailureCode::table_not_found,
                     {name_of(found), name, path,
                      value.instead.empty() ? PhraseCode::source_line_is_record : value.instead}};
    case OutsideValue::State::twice:
      return Failure{FailureCode::table_invalid,
                     {name_of(found), name, path, PhraseCode::source_there_twice}};
    case OutsideValue::State::too_big:
      return Failure{
          FailureCode::table_invalid,
          {name_of(found), name, path,
           Phrase(found.document == 0 ? PhraseCode::table_mebibytes : PhraseCode::tables_mebibytes,
                  {std::to_string(found.max_bytes / 1024 / 1024)})}};
    case OutsideValue::State::whole:
      break;
  }
  if (value.json == "null")
    return Failure{FailureCode::table_not_found,
                   {name_of(found), name, path, PhraseCode::source_it_is_null}};
  return &value.json;
}

}  // namespace

Result<std::shared_ptr<const LookupTable>> table_of_json(const PlanDumpTable& table,
                                                         const std::string& json,
                                                         const Phrase& input, std::size_t& memory) {
  TableBuilder builder(table, memory);
  if (builder.read(json)) {
    memory -= builder.bytes();
    return builder.table();
  }
  return builder.failure(input, table.name, table.path);
}

SourceOptions DumpTables::options(const Plan& plan, SourceOptions options, std::size_t memory) {
  if (plan.travelling_table().empty()) return options;
  for (const PlanDumpTable& table : plan.dump_tables) options.outside.push_back(table.keys);
  for (const PlanDumpRates& rates : plan.dump_rates) options.outside.push_back(rates.keys);
  options.outside.insert(options.outside.end(), plan.beside.begin(), plan.beside.end());
  options.max_outside_bytes = std::min(options.max_outside_bytes, memory / 2);
  options.beside =
      [&plan,
       memory](const OutsideOfDocument& found) -> Result<std::shared_ptr<const BesideRecords>> {
    TRAMA_TRY(auto tables, of(plan, found, memory));
    return std::shared_ptr<const BesideRecords>(std::move(tables));
  };
  return options;
}

Result<std::shared_ptr<const DumpTables>> DumpTables::of(const Plan& plan,
                                                         const OutsideOfDocument& found,
                                                         std::size_t memory) {
  std::size_t left = memory;
  auto made = std::make_shared<DumpTables>();
  const OutsideValue none;
  const auto value = [&](std::size_t at) -> const OutsideValue& {
    return found.values.empty() ? none : found.values[at];
  };
  for (std::size_t i = 0; i < plan.dump_tables.size(); ++i) {
    const PlanDumpTable& table = plan.dump_tables[i];
    TRAMA_TRY(const std::string* json, json_of(table.name, table.path, value(i), found));
    TRAMA_TRY(auto built, table_of_json(table, *json, name_of(found), left));
    made->known_[table.name] = built->known(kShownTableKeys);
    made->tables_.push_back(std::move(built));
  }
  std::size_t at = plan.dump_tables.size();
  const std::size_t beside = at + plan.dump_rates.size();
  for (const PlanDumpRates& rates : plan.dump_rates) {
    TRAMA_TRY(const std::string* json, json_of(rates.name, rates.path, value(at++), found));
    DumpRateTexts texts;
    for (const auto& [side, text] :
         {std::pair(&rates.from, &texts.from), {&rates.to, &texts.to}, {&rates.day, &texts.day}}) {
      if (side->from != PlanDumpRates::Side::From::beside) continue;
      TRAMA_TRY(*text, json_of(rates.name, side->text, value(beside + side->beside), found));
    }
    TRAMA_TRY(auto built, rates_of_json(rates, *json, texts, name_of(found), left));
    made->rates_.push_back(std::move(built));
  }
  made->bytes_ = memory - left;
  return std::shared_ptr<const DumpTables>(std::move(made));
}

}  // namespace trama
