// A profile for people. A path is one line, as of a table: name, share that is filled, kinds,
// different values, what they are; below it, indented, what else there is to know.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "report/profile_report.h"
#include "report/profile_words.h"
#include "report/report_line.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kMaxPathColumns = 38;
constexpr std::size_t kFilledColumns = 7;
constexpr std::size_t kKindColumns = 16;
constexpr std::size_t kDistinctColumns = 9;
constexpr std::size_t kIndent = 4;
constexpr std::string_view kBetween = " · ";

/// One path: its line and what is below it.
class PathText {
 public:
  PathText(const PathWords& told, const ReportWords& words, std::size_t path_columns)
      : told_(told), words_(words), path_columns_(path_columns) {}

  void add(std::string& out) {
    add_line(out);
    for (const std::string& text : told_.blanks) part(text);
    for (const std::string& text : told_.notes) part(text);
    for (const PathWords::Count& value : told_.values)
      part(words_(value.is_exact ? Code::profile_value_count : Code::profile_value_at_least,
                  {value.value, grouped(value.count)}));
    for (std::size_t i = 0; i < told_.examples.size(); ++i)
      part(i == 0 ? words_(Code::profile_examples, {told_.examples[i]}) : told_.examples[i]);
    if (!told_.range.empty()) part(told_.range);
    flush(out);
  }

 private:
  void add_line(std::string& out) {
    ReportLine line;
    line.add(told_.path);
    if (characters_in(visible(told_.path)) > path_columns_) line.end(out);
    std::size_t column = path_columns_;
    line.right(rough_percent(told_.filled, told_.parents), column += kFilledColumns);
    line.to(column += 2).add(kinds());
    line.right(told_.distinct, column += kKindColumns + kDistinctColumns);
    const std::string what = joined(told_.what, ", ");
    if (column + 2 + characters_in(visible(what)) > kReportColumns)
      part(what);
    else if (!what.empty())
      line.to(column + 2).add(what);
    line.end(out);
    while (out.ends_with(" \n")) out.erase(out.size() - 2, 1);
  }

  /// Where it is too long, it goes below.
  std::string kinds() {
    std::string all = joined(told_.kinds, ", ");
    if (told_.kinds.size() == 1 || characters_in(all) <= kKindColumns) return all;
    part(all);
    return words_(Code::profile_several_kinds);
  }

  void part(std::string_view text) { parts_.push_back(visible(text)); }

  /// As many on a line as fit.
  void flush(std::string& out) const {
    std::string line;
    const auto end_line = [&] {
      if (!line.empty()) out.append(kIndent, ' ').append(line) += '\n';
      line.clear();
    };
    for (const std::string& text : parts_) {
      const std::size_t size =
          kIndent + characters_in(line) + characters_in(kBetween) + characters_in(text);
      if (!line.empty() && size > kReportColumns) end_line();
      if (!line.empty()) line += kBetween;
      line += text;
    }
    end_line();
  }

  const PathWords& told_;
  const ReportWords& words_;
  std::size_t path_columns_;
  std::vector<std::string> parts_;
};

std::string title(const Profile& profile, const ProfileFacts& facts, const ReportWords& words) {
  return visible(inputs_of(facts, words)) + '\n' + visible(counts_of(profile, words)) + "\n\n";
}

std::size_t path_columns(const Profile& profile) {
  std::size_t most = 8;
  each_path(*profile.root, [&most](const PathNode& node) {
    if (!is_shown(node)) return;
    const std::size_t size = characters_in(visible(node.path()));
    if (size <= kMaxPathColumns) most = std::max(most, size);
  });
  return most;
}

void add_head(std::string& out, std::size_t columns, const ReportWords& words) {
  ReportLine line;
  line.add(words(Code::profile_path));
  line.right(words(Code::profile_filled), columns += kFilledColumns);
  line.to(columns += 2).add(words(Code::profile_kinds));
  line.right(words(Code::profile_distinct), columns += kKindColumns + kDistinctColumns);
  line.to(columns + 2).add(words(Code::profile_what)).end(out);
}

void add_unread(std::string& out, const Profile& profile, const ProfileFacts& facts,
                const ReportWords& words) {
  if (profile.unread == 0) return;
  ReportLine line;
  out += '\n';
  line.add(words.counted(Code::profile_unread, profile.unread)).end(out);
  for (const UnreadRecord& unread : profile.first_unread) {
    const UnreadWords told = words_of(unread, facts, words.language());
    line.add("  ").add(told.at).add("  ").add(told.code);
    if (!line.fits(told.message, kReportColumns)) line.end(out);
    line.to(kIndent).add(told.message).end(out);
  }
}

}  // namespace

void profile_text(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink) {
  const ReportWords words(language);
  const ValueForms forms;
  const std::size_t columns = path_columns(profile);
  std::string out = title(profile, facts, words);
  add_head(out, columns, words);
  sink(out);
  ProfileNotes notes;
  each_path(*profile.root, [&](const PathNode& node) {
    if (!is_shown(node)) return;
    const PathWords told = path_words(node, profile, facts, forms, words);
    out.clear();
    PathText(told, words, columns).add(out);
    sink(out);
    notes.add(told);
  });
  out.clear();
  for (const std::string& note : notes.all(profile, words))
    out += (out.empty() ? "\n" : "") + note + '\n';
  add_unread(out, profile, facts, words);
  sink(out);
}

UnreadWords words_of(const UnreadRecord& unread, const ProfileFacts& facts, Language language) {
  UnreadWords words;
  words.at = say(language, facts.inputs[unread.source]) + ':' + std::to_string(unread.place.line) +
             ':' + std::to_string(unread.place.column);
  words.code = name(trama::code_of(unread.reason));
  Phrase a = phrase_of(unread.reason, 0, unread.a);
  Phrase b = unread.instead.empty() ? Phrase(unread.b) : unread.instead;
  if (unread.reason == Reason::no_records) a = facts.records_path;
  words.message = say(language, Phrase(unread.reason, {std::move(a), std::move(b)}));
  return words;
}

}  // namespace trama
