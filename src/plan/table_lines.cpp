#include "plan/table_lines.h"

#include <string>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "step/specs.h"
#include "step/step.h"
#include "value/dates.h"

namespace trama {
namespace {

constexpr std::size_t kShownColumns = 100;  // of a table file

}  // namespace

std::size_t column_of(const std::vector<Text>& header, const Text& name, Diagnostics& diagnostics) {
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i].text == name.text) return i;
    known.push_back(header[i].text);
  }
  std::vector<Phrase> help;  // a sentence each
  const std::string_view near = nearest(name.text, known);
  if (!near.empty()) help = {Phrase(PhraseCode::did_you_mean, {near}), " "};
  const std::string_view only = known.size() == 1 ? known[0] : std::string_view();
  if (const std::size_t mark = only.find_first_of(";\t|"); mark != std::string_view::npos) {
    const std::string shown = only[mark] == '\t' ? "\\t" : std::string(1, only[mark]);
    const Phrase between = shown == "\\t" ? Phrase(PhraseCode::tabs) : Phrase(shown);
    help.emplace_back(PhraseCode::if_cells_stand_between, std::vector<Phrase>{between, shown});
    help.emplace_back("; ");
  }
  std::string columns;
  for (const std::string_view& one : known) {
    columns += &one == known.data() ? " " : ", ";
    if (&one == known.data() + kShownColumns) {
      columns += "…";
      break;
    }
    columns += one;
  }
  help.emplace_back(PhraseCode::the_file_has, std::vector<Phrase>{columns});
  diagnostics.push_back(
      {DiagnosticCode::table_no_column, name.span, {name.text, Phrase::several(std::move(help))}});
  return SIZE_MAX;
}

bool read_day(std::string_view text, const DateArgs* read, Date& out) {
  if (read != nullptr) {
    Arena arena;
    StepContext context{arena};
    Value day = Value::text(text);
    if (kReadDate.fn(read, day, context) != Reason::none || day.kind() != Kind::date) return false;
    out = day.date();
    return true;
  }
  Moment moment;
  DateTrouble trouble;
  if (read_iso(text, moment, trouble) != Reason::none || !moment.has_date || moment.has_time)
    return false;
  out = moment.date;
  return true;
}

std::string plain_digits(std::string_view text, char decimal, char thousands) {
  const std::size_t point = std::min(text.find(decimal), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::size_t first = thousands == '\0' ? whole.size() : whole.find(thousands);
  std::string digits(whole.substr(0, first));
  if (first < whole.size()) {
    if (first == 0 || first > 3) return {};
    for (std::size_t at = first; at < whole.size(); at += 4) {
      const std::string_view group = whole.substr(at, 4);
      if (group.size() != 4 || group[0] != thousands) return {};
      digits += group.substr(1);
    }
  }
  if (digits.find('.') != std::string::npos) return {};  // it is no mark of this table
  if (point == text.size()) return digits;
  digits += '.';
  return digits.append(text.substr(point + 1));
}

void LinesWithoutKey::tell(Diagnostics& diagnostics) const {
  if (count_ == 0) return;
  diagnostics.push_back({DiagnosticCode::table_blank_key,
                         first_,
                         {Phrase(PhraseCode::lines_without_key, {std::to_string(count_)})}});
}

}  // namespace trama
