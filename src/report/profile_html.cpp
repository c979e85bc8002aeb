// A profile as a page: a table of the paths with what is known of each, and small charts.

#include <algorithm>
#include <string>
#include <vector>

#include "base/phrase_codes.h"
#include "report/html_page.h"
#include "report/profile_report.h"
#include "report/profile_words.h"

namespace trama {
namespace {

using Code = PhraseCode;

/// Of more the text and the JSON tell all: a browser need not hold them.
constexpr std::size_t kShownPaths = 1000;

class PageOfProfile {
 public:
  PageOfProfile(const Profile& profile, const ProfileFacts& facts, Language language)
      : profile_(profile),
        facts_(facts),
        page_(ReportWords(language)(Code::html_profile, {inputs_of(facts, ReportWords(language))}),
              language),
        words_(page_.words()) {}

  void write(const ReportSink& sink) {
    page_.lead(counts_of(profile_, words_));
    if (profile_.unread > 0)
      balance_bar(page_.out(), words_(Code::html_records),
                  {{words_(Code::html_read), profile_.records, Tone::good},
                   {words_(Code::html_unread), profile_.unread, Tone::bad}},
                  words_);
    paths(sink);
    if (profile_.unread > 0) unread();
    sink(page_.end());
  }

 private:
  void paths(const ReportSink& sink) {
    page_.section(words_(Code::html_paths));
    const ValueForms forms;
    ProfileNotes notes;
    HtmlTable table(page_.out(), "paths",
                    {{words_(Code::profile_path)},
                     {words_(Code::profile_filled)},
                     {words_(Code::profile_kinds)},
                     {words_(Code::profile_distinct), true},
                     {words_(Code::profile_what)}},
                    kShownPaths);
    each_path(*profile_.root, [&](const PathNode& node) {
      if (!is_shown(node) || !table.row()) return;
      const PathWords told = path_words(node, profile_, facts_, forms, words_);
      notes.add(told);
      path(table, told);
      sink(page_.take());
    });
    table.end(words_);
    for (const std::string& note : notes.all(profile_, words_)) page_.note(note);
  }

  void path(HtmlTable& table, const PathWords& told) {
    HtmlOut& out = page_.out();
    table.head().element("code", told.path).close();
    table.cell().text(rough_percent(told.filled, told.parents));
    small_bar(out,
              {{words_(Code::profile_filled), told.filled, Tone::plain},
               {words_(Code::html_missing), told.missing, Tone::nothing},
               {words_(Code::profile_null), told.null, Tone::quiet},
               {words_(Code::html_empty), told.empty, Tone::quiet}},
              words_);
    out.close();
    table.cell(joined(told.kinds));
    table.cell(told.distinct);
    table.cell();
    line(joined(told.what, ", "), "what");
    std::vector<std::string> less = told.blanks;
    less.insert(less.end(), told.notes.begin(), told.notes.end());
    if (!told.range.empty()) less.push_back(told.range);
    line(joined(less, " · "), "note");
    values(told);
    out.close();
  }

  void values(const PathWords& told) {
    if (!told.values.empty()) {
      std::vector<Bar> bars;
      for (const PathWords::Count& value : told.values)
        bars.push_back(
            {value.value, value.count,
             value.is_exact ? std::string() : words_(Code::html_at_least, {grouped(value.count)})});
      bar_chart(page_.out(), words_(Code::html_values_of, {told.path}), bars, Tone::plain, words_);
    }
    if (!told.examples.empty())
      line(words_(Code::profile_examples, {joined(told.examples, " · ")}), "note");
  }

  void line(const std::string& text, std::string_view kind) {
    if (!text.empty()) page_.out().element("p", text, {{"class", kind}});
  }

  void unread() {
    page_.section(words_.counted(Code::profile_unread, profile_.unread));
    HtmlTable table(
        page_.out(), "list",
        {{words_(Code::html_where)}, {words_(Code::html_code)}, {words_(Code::html_reason)}});
    for (const UnreadRecord& one : profile_.first_unread) {
      const UnreadWords told = words_of(one, facts_, words_.language());
      table.row();
      table.head().element("code", told.at).close();
      table.cell().element("code", told.code).close();
      table.cell(told.message);
    }
    table.end(words_);
    if (profile_.unread > profile_.first_unread.size())
      page_.note(words_.counted(Code::html_more, profile_.unread - profile_.first_unread.size()));
  }

  const Profile& profile_;
  const ProfileFacts& facts_;
  HtmlPage page_;
  const ReportWords& words_;
};

}  // namespace

void profile_html(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink) {
  PageOfProfile(profile, facts, language).write(sink);
}

}  // namespace trama
