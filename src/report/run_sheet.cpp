#include "report/run_sheet.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "report/report_line.h"
#include "report/run_words.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kShownInputs = 100;
constexpr std::size_t kShownKinds = 200;  // of each list
constexpr std::size_t kShownCharacters = 400;

class Sheet {
 public:
  Sheet(const Summary& summary, const RunFacts& facts, Language language)
      : s_(summary), facts_(facts), words_(language) {}

  RunSheetWords take() {
    sheet_.name = words_(Code::report_sheet);
    what_ran();
    balance();
    errors();
    warnings();
    notes();
    return std::move(sheet_);
  }

 private:
  void add(std::vector<std::string> cells, bool heading = false) {
    for (std::string& cell : cells) cell = shortened(as_utf8(cell), kShownCharacters);
    sheet_.rows.push_back({std::move(cells), heading});
  }
  void fact(Code what, const std::string& value) {
    if (!value.empty()) add({words_(what), value});
  }
  /// A list below an empty row.
  void heading(std::vector<std::string> cells) {
    add({});
    add(std::move(cells), true);
  }

  void what_ran() {
    add({words_(Code::html_what_ran)}, true);
    fact(Code::html_mapping, facts_.mapping);
    for (std::size_t i = 0; i < std::min(facts_.inputs.size(), kShownInputs); ++i)
      fact(Code::html_inputs,
           facts_.inputs[i] == "-" ? words_(Code::standard_input) : facts_.inputs[i]);
    if (facts_.inputs.size() > kShownInputs)
      fact(Code::html_inputs,
           words_.counted(Code::report_more_inputs, facts_.inputs.size() - kShownInputs));
    fact(Code::html_run_id, facts_.run);
    fact(Code::html_today, utc_minute(facts_.today * 1000));
    fact(Code::html_version, "trama " + facts_.trama);
    fact(Code::html_exit, std::to_string(facts_.exit));
    for (const Phrase& ending : facts_.endings) add({"", say(words_.language(), ending)});
  }

  void balance() {
    const auto exit = static_cast<Exit>(facts_.exit);
    const bool imported = exit == Exit::ok || exit == Exit::rejected || exit == Exit::over_limits;
    heading({words_(Code::html_balance, {grouped(s_.read)})});
    const auto count = [this](Code what, std::uint64_t n) { add({words_(what), grouped(n)}); };
    count(imported ? Code::html_written : Code::html_not_imported, s_.written);
    count(Code::html_rejected, s_.rejected);
    count(Code::html_skipped, s_.skipped);
    count(Code::html_duplicates, s_.duplicates);
    count(Code::html_output, s_.rows);
    if (const std::string told = operations_words(s_, words_); !told.empty()) add({told});
  }

  void errors() {
    const std::vector<ListedError> kinds = frequent_errors(s_, facts_.names);
    if (kinds.empty()) return;
    heading({words_(Code::html_reasons), words_(Code::report_column), words_(Code::report_count),
             words_(Code::report_first_in)});
    list(kinds);
  }

  void warnings() {
    const std::vector<ListedError> kinds = listed_warnings(s_, facts_.names);
    if (kinds.empty() && facts_.alerts.empty()) return;
    heading({words_(Code::html_warnings), words_(Code::report_column), words_(Code::report_count),
             words_(Code::report_first_in)});
    for (std::size_t i = 0; i < std::min(facts_.alerts.size(), kShownKinds); ++i) {
      const Alert& alert = facts_.alerts[i];
      add({std::string(name(alert.code)), alert.where, "",
           say(words_.language(), alert.message())});
    }
    list(kinds);
  }

  void list(const std::vector<ListedError>& kinds) {
    for (std::size_t i = 0; i < std::min(kinds.size(), kShownKinds); ++i)
      add({kinds[i].code, kinds[i].where, grouped(kinds[i].tally.count),
           record_words(kinds[i].tally.first, facts_, words_)});
  }

  void notes() {
    bool any = false;
    const auto note = [&](std::vector<std::string> cells) {
      if (!std::exchange(any, true))
        heading({words_(Code::html_notes), words_(Code::report_column), words_(Code::report_count),
                 words_(Code::report_first_in)});
      add(std::move(cells));
    };
    for (const Phrase& one : facts_.notes) note({say(words_.language(), one)});
    for (const auto& [key, tally] : s_.notices)
      if (key.first < facts_.names.columns.size())
        note({say(words_.language(), Phrase(key.second)), facts_.names.columns[key.first],
              grouped(tally.count), record_words(tally.first, facts_, words_)});
    if (s_.items_left_out > 0)
      note({words_.counted(Code::report_items_left_out, s_.items_left_out)});
  }

  const Summary& s_;
  const RunFacts& facts_;
  const ReportWords words_;
  RunSheetWords sheet_;
};

}  // namespace

RunSheetWords run_sheet(const Summary& summary, const RunFacts& facts, Language language) {
  return Sheet(summary, facts, language).take();
}

}  // namespace trama
