// A run as a page, for who never saw a terminal: what happened and what to do next, what rejected
// records, and what ran. It says what the end report and the summary say, of the same data.

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "report/html_page.h"
#include "report/run_words.h"
#include "report/shown_text.h"
#include "report/summary.h"
#include "report/words.h"
#include "text/catalogue.h"
#include "text/error_pages.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kShownEndings = 20;  // of a mapping with errors each is one
constexpr std::size_t kShownErrorKinds = 50;
constexpr std::size_t kShownUnknown = 20;  // values of a lookup
constexpr std::size_t kShownWarningKinds = 50;
constexpr std::size_t kShownColumns = 200;
constexpr std::size_t kShownNotes = 100;
constexpr std::size_t kShownAlerts = 100;
constexpr std::size_t kShownInputs = 50;
constexpr std::size_t kShownFiles = 50;
constexpr std::size_t kTitleInputs = 2;
constexpr std::size_t kSourceLines = 60;
constexpr std::size_t kMaxIndent = 40;

/// JSON text, or the beginning of one, with a line for each member. Gives whether there was more
/// than `most` lines.
bool add_indented(std::string& out, std::string_view json, std::size_t most) {
  std::size_t lines = 1;
  std::size_t depth = 0;
  bool in_text = false;
  bool escaped = false;
  bool opened = false;  // a bracket, and nothing in it yet
  const auto new_line = [&] {
    out += '\n';
    out.append(std::min(2 * depth, kMaxIndent), ' ');
    return ++lines > most;
  };
  for (const char c : json) {
    if (in_text) {
      out += c;
      in_text = escaped || c != '"';
      escaped = !escaped && c == '\\';
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    if (c == '}' || c == ']') {
      depth -= depth > 0 ? 1U : 0U;
      if (!std::exchange(opened, false) && new_line()) return true;
      out += c;
      continue;
    }
    if (std::exchange(opened, false) && new_line()) return true;
    out += c;
    if (c == '{' || c == '[') {
      ++depth;
      opened = true;
    } else if (c == ',') {
      if (new_line()) return true;
    } else if (c == ':') {
      out += ' ';
    } else if (c == '"') {
      in_text = true;
    }
  }
  return false;
}

class PageOfRun {
 public:
  PageOfRun(const Summary& summary, const RunFacts& facts, Language language)
      : s_(summary),
        facts_(facts),
        page_(title(facts, ReportWords(language)), language),
        words_(page_.words()),
        out_(page_.out()),
        pages_(error_pages(language)),
        errors_(frequent_errors(summary, facts.names)),
        unknown_(unknown_words(summary, facts, words_, kShownUnknown)) {}

  std::string write() {
    first_screen();
    struct Section {
      bool is_there;
      Code title;
      void (PageOfRun::*write)();
    };
    const auto is_drift = [](const Alert& alert) { return alert.code == NoticeCode::drift; };
    const auto& alerts = facts_.alerts;
    const auto columns_end = s_.columns.begin() + std::ssize(known_columns());
    const Section sections[] = {
        {!std::all_of(alerts.begin(), alerts.end(), is_drift) || refused_inputs() > 0,
         Code::html_to_look_at, &PageOfRun::to_look_at},
        {!errors_.empty(), Code::html_reasons, &PageOfRun::reasons},
        {!unknown_.empty(), Code::html_unknown, &PageOfRun::unknown},
        {!s_.shown.empty(), Code::html_first_rejected, &PageOfRun::first_rejected},
        {std::any_of(alerts.begin(), alerts.end(), is_drift), Code::html_drift_section,
         &PageOfRun::drift},
        {s_.warnings > 0, Code::html_warnings, &PageOfRun::warnings},
        {std::any_of(s_.columns.begin(), columns_end, has_blanks), Code::html_blanks,
         &PageOfRun::blanks},
        {!notes_of_run().empty(), Code::html_notes, &PageOfRun::notes},
        {true, Code::html_what_ran, &PageOfRun::what_ran},
    };
    std::vector<std::string> titles;
    for (const Section& section : sections)
      if (section.is_there) titles.push_back(words_(section.title));
    page_.contents(titles);
    for (const Section& section : sections) {
      if (!section.is_there) continue;
      page_.section(words_(section.title));
      (this->*section.write)();
    }
    return page_.end();
  }

 private:
  static std::string title(const RunFacts& facts, const ReportWords& words) {
    std::vector<std::string> inputs;
    for (std::size_t i = 0; i < std::min(facts.inputs.size(), kTitleInputs); ++i)
      inputs.push_back(shown_file(facts.inputs[i], words, Code::standard_input));
    if (facts.inputs.size() > kTitleInputs)
      inputs.push_back(words.counted(Code::report_more_inputs, facts.inputs.size() - kTitleInputs));
    const std::string& mapping = facts.mapping.empty() ? facts.mapping_file : facts.mapping;
    if (inputs.empty()) return mapping;
    return words(facts.replay ? Code::html_replay_title : Code::html_run_title,
                 {mapping, joined(inputs)});
  }

  static std::string shown_file(const std::string& file, const ReportWords& words, Code stream) {
    return file == "-" ? words(stream) : file;
  }
  [[nodiscard]] std::string output() const {
    return shown_file(facts_.output, words_, Code::standard_output);
  }
  [[nodiscard]] Exit exit() const noexcept { return static_cast<Exit>(facts_.exit); }
  [[nodiscard]] bool is_published() const { return facts_.output_state == "published"; }
  [[nodiscard]] bool is_streamed() const { return facts_.output_state == "streamed"; }
  /// It ended as a run that publishes does.
  [[nodiscard]] bool ended_well() const {
    return exit() == Exit::ok || exit() == Exit::rejected || exit() == Exit::over_limits;
  }
  [[nodiscard]] bool had_nothing_new() const {
    return exit() == Exit::ok && !is_published() && !is_streamed();
  }
  [[nodiscard]] std::span<const std::string> known_columns() const {
    return std::span(facts_.names.columns)
        .first(std::min(s_.columns.size(), facts_.names.columns.size()));
  }
  [[nodiscard]] std::size_t refused_inputs() const {
    if (!facts_.lists_refused) return 0;
    return static_cast<std::size_t>(std::count_if(
        facts_.input_facts.begin(), facts_.input_facts.end(),
        [](const InputFacts& one) { return one.state == InputFacts::State::refused; }));
  }

  // ---- the first screen ----

  void first_screen() {
    page_.verdict(what_happened(), tone());
    if (!facts_.endings.empty()) {
      out_.open("ul");
      for (std::size_t i = 0; i < std::min(facts_.endings.size(), kShownEndings); ++i)
        out_.element("li", say(words_.language(), facts_.endings[i]));
      out_.close();
      more(facts_.endings.size(), kShownEndings);
    }
    what_next();
    if (s_.read == 0) return;
    if (!s_.balances()) page_.lead(words_(Code::report_balance_wrong));
    const bool imported = is_published() || is_streamed();
    balance_bar(out_, words_(Code::html_balance, {grouped(s_.read)}),
                {{words_(imported ? Code::html_written : Code::html_not_imported), s_.written,
                  imported ? Tone::good : Tone::plain},
                 {words_(Code::html_rejected), s_.rejected, Tone::bad},
                 {words_(Code::html_skipped), s_.skipped, Tone::quiet},
                 {words_(Code::html_duplicates), s_.duplicates, Tone::warning}},
                words_);
    page_.note(balance());
    if (const std::string told = operations_words(s_, words_); !told.empty()) page_.note(told);
    if (const std::string told = load_words(facts_, words_); !told.empty()) page_.note(told);
  }

  /// "1,204 records read = 1,190 written (2,380 rows) + 14 rejected".
  std::string balance() {
    std::string text = words_.counted(Code::report_read, s_.read) + " = ";
    text += words_.counted(Code::report_written, s_.written);
    if (s_.rows != s_.written) text += " (" + words_.counted(Code::rows, s_.rows) + ")";
    text += " + " + words_.counted(Code::report_rejected_count, s_.rejected);
    text += " + " + words_.counted(Code::report_skipped, s_.skipped);
    return text + " + " + words_.counted(Code::report_duplicates, s_.duplicates);
  }

  [[nodiscard]] Tone tone() const {
    if (!ended_well()) return Tone::bad;
    return exit() == Exit::ok ? Tone::good : Tone::warning;
  }

  std::string what_happened() {
    if (had_nothing_new()) return words_(Code::html_nothing_new);
    if (is_published() && !ended_well()) return words_(Code::html_published_but, {output()});
    if (is_streamed() && !ended_well()) return words_(Code::html_streamed_but, {output()});
    if (!ended_well()) {
      const std::string untouched =
          facts_.output == "-" ? "" : ' ' + words_(Code::html_untouched, {output()});
      return words_(why_not()) + untouched;
    }
    std::string text;
    if (s_.written == s_.read && s_.read > 0)
      text = words_(Code::html_all_imported, {grouped(s_.read), output()});
    else
      text = words_(Code::html_imported,
                    {grouped(s_.written), Phrase(Code::records, {grouped(s_.read)}), output()});
    if (s_.rejected > 0) text += ' ' + words_.counted(Code::html_some_rejected, s_.rejected);
    if (exit() == Exit::over_limits) text += ' ' + words_(Code::html_over_limits);
    if (exit() == Exit::rejected && (!facts_.alerts.empty() || refused_inputs() > 0))
      text += ' ' + words_(Code::html_look);
    return text;
  }

  [[nodiscard]] Code why_not() const {
    switch (exit()) {
      case Exit::mapping:
        return Code::html_no_mapping;
      case Exit::input:
        return Code::html_no_input;
      case Exit::output:
        return Code::html_no_output;
      case Exit::usage:
        return Code::html_no_usage;
      case Exit::temporary:
        return Code::html_no_temporary;
      case Exit::interrupted:
      case Exit::terminated:
        return Code::html_no_stopped;
      default:
        return Code::html_no_limits;
    }
  }

  void what_next() {
    const RejectsAdvice advice = rejects_advice(s_, facts_);
    using Kind = RejectsAdvice::Kind;
    if (advice.kind == Kind::replay)
      return next(unknown_.empty() ? Code::html_next_replay : Code::html_next_replay_tables,
                  advice.command);
    switch (exit()) {
      case Exit::ok:
        return next(Code::html_next_nothing, {});
      case Exit::rejected:
      case Exit::over_limits:
        if (s_.rejected == 0) return next(Code::html_next_look, {});
        return next(Code::html_next_again, facts_.command);
      case Exit::mapping:
        return next(Code::html_next_check, "trama check " + file_word(facts_.mapping_file));
      case Exit::input:
        return next(Code::html_next_input, facts_.command);
      case Exit::output:
      case Exit::temporary:
      case Exit::interrupted:
      case Exit::terminated:
        return next(Code::html_next_retry, facts_.command);
      case Exit::usage:
        return next(Code::html_next_usage, facts_.command);
      default:
        return next(Code::html_next_again, facts_.command);
    }
  }

  void next(Code what, const std::string& command) {
    std::string text = words_(what);
    if (command.empty() && text.ends_with(':')) text.back() = '.';
    out_.open("p", {{"class", "next"}}).element("strong", words_(Code::html_next));
    out_.text(" ").text(text).close();
    if (!command.empty()) page_.command(command);
  }

  // ---- what is to be looked at ----

  void to_look_at() {
    out_.open("ul");
    std::size_t shown = 0;
    for (const Alert& alert : facts_.alerts) {
      if (alert.code == NoticeCode::drift || ++shown > kShownAlerts) continue;
      out_.open("li").element("code", name(alert.code)).text(" ");
      if (!alert.where.empty()) out_.element("strong", alert.where).text(": ");
      out_.text(say(words_.language(), alert.message())).close();
    }
    for (const InputFacts& input : facts_.input_facts) {
      if (!facts_.lists_refused || input.state != InputFacts::State::refused) continue;
      if (++shown > kShownAlerts) continue;
      out_.open("li").element("code", input.code).text(" ");
      out_.text(say(words_.language(), input.message)).close();
    }
    out_.close();
    more(shown, kShownAlerts);
  }

  void drift() {
    page_.note(words_(Code::html_drift_note));
    HtmlTable table(out_, "list", {{words_(Code::html_read_by)}, {words_(Code::html_change)}},
                    kShownAlerts);
    for (const Alert& alert : facts_.alerts) {
      if (alert.code != NoticeCode::drift || !table.row()) continue;
      table.head().text(alert.where).close();
      table.cell(say(words_.language(), alert.message()));
    }
    table.end(words_);
  }

  void more(std::size_t all, std::size_t shown) {
    if (all > shown)
      out_.element("p", words_.counted(Code::html_more, all - shown), {{"class", "more"}});
  }

  // ---- what rejected records ----

  void reasons() {
    page_.note(words_(Code::html_reasons_note));
    if (errors_.size() > 1) {
      chart(Code::html_by_reason, [this](const ListedError& e) { return meaning(e.code); });
      chart(Code::html_by_column, [this](const ListedError& e) {
        return e.where.empty() ? words_(Code::html_whole_record) : e.where;
      });
      out_.element("h3", words_(Code::html_by_both));
    }
    HtmlTable table(out_, "list",
                    {{words_(Code::html_reason)},
                     {words_(Code::report_column)},
                     {words_(Code::report_first_in)},
                     {words_(Code::html_errors), true}},
                    kShownErrorKinds);
    for (const ListedError& error : errors_) {
      if (!table.row()) continue;
      table.head().text(meaning(error.code)).text(" ").open("small");
      out_.element("code", error.code).close().close();
      table.cell(error.where);
      table.cell(record_words(error.tally.first, facts_, words_));
      table.cell(grouped(error.tally.count));
    }
    table.end(words_);
    page_.note(words_(Code::html_error_pages));
    page_.command("trama error " + most_frequent_code());
  }

  [[nodiscard]] std::string most_frequent_code() const {
    std::map<std::string_view, std::uint64_t> counts;
    std::string_view most;  // among equals the first
    for (const ListedError& error : errors_) counts[error.code] += error.tally.count;
    for (const ListedError& error : errors_)
      if (most.empty() || counts[error.code] > counts[most]) most = error.code;
    return std::string(most);
  }

  std::string meaning(std::string_view code) { return meaning_of(code, pages_); }

  template <typename Label>
  void chart(Code title, const Label& label) {
    std::vector<Bar> bars;
    std::map<std::string, std::size_t> known;
    for (const ListedError& error : errors_) {
      const std::string shown = label(error);
      const auto [at, is_new] = known.emplace(shown, bars.size());
      if (is_new) bars.push_back({shown, 0});
      bars[at->second].count += error.tally.count;
    }
    std::stable_sort(bars.begin(), bars.end(),
                     [](const Bar& a, const Bar& b) { return a.count > b.count; });
    const std::string heading = words_(title);
    out_.element("h3", heading);
    bar_chart(out_, heading, bars, Tone::bad, words_);
  }

  void unknown() {
    page_.note(words_(Code::html_unknown_note));
    for (const UnknownWords& one : unknown_) {
      out_.element("h3", one.column);
      if (one.hidden) page_.note(words_(Code::html_unknown_hidden, {grouped(one.count)}));
      std::vector<Bar> bars;
      for (const UnknownWords::Value& value : one.values) bars.push_back({value.text, value.count});
      if (!bars.empty()) bar_chart(out_, one.column, bars, Tone::warning, words_);
      if (one.more_values > 0)
        page_.note(words_.counted(Code::report_more_values, one.more_values));
      if (one.other_counts > 0)
        page_.note(words_(Code::report_other_values, {grouped(one.other_counts)}));
      page_.lead(one.how);
      if (!one.entries.empty()) page_.lines(one.entries);
    }
  }

  // ---- the first rejected records ----

  void first_rejected() {
    if (s_.rejected > s_.shown.size()) {
      const std::string rest =
          words_.counted(Code::report_more_rejects, s_.rejected - s_.shown.size());
      page_.note(facts_.rejects.empty()
                     ? rest
                     : words_(Code::report_more_rejects_in, {rest, facts_.rejects}));
    }
    for (const ShownReject& reject : s_.shown) rejected(reject);
  }

  void rejected(const ShownReject& reject) {
    out_.open("h3").text(record_words(reject.at, facts_, words_)).text(" ");
    out_.element("small", words_(Code::report_line, {grouped(reject.at.line)})).close();
    out_.open("ul");
    for (const ShownReject::Error& error : reject.errors)
      error_of(words_of(error, facts_.names, words_.language(), file_of(reject.at, facts_)));
    if (reject.more_errors > 0)
      out_.element("li", words_.counted(Code::report_more_errors, reject.more_errors));
    out_.close();
    source(reject.source);
  }

  void error_of(const ErrorWords& error) {
    out_.open("li");
    if (!error.where.empty()) out_.element("strong", error.where).text(": ");
    out_.text(error.what.empty() ? meaning(error.code) : error.what);
    std::vector<std::string> less;
    for (const std::string& one : {error.hint, error.more, error.column_message})
      if (!one.empty()) less.push_back(one);
    if (!error.item.empty()) less.insert(less.begin(), words_(Code::report_in_item, {error.item}));
    if (!less.empty()) out_.element("p", joined(less, " · "), {{"class", "note"}});
    std::vector<std::string> places{error.code};
    for (const std::string& place : {error.data_at, error.mapping_at})
      if (!place.empty()) places.push_back(place);
    out_.element("p", joined(places, " · "), {{"class", "note"}}).close();
  }

  void source(const ShownSource& source) {
    using Form = ShownSource::Form;
    if (source.form == Form::none) return;
    if (source.form == Form::hidden) return page_.note(words_(Code::html_source_hidden));
    std::string text;
    bool cut = source.cut;
    if (source.form == Form::json)
      cut = add_indented(text, source.text, kSourceLines) || cut;
    else
      text = source.text;
    page_.lines(text);
    if (cut) page_.note(words_(Code::html_source_cut, {grouped(source.bytes)}));
  }

  // ---- the rest ----

  void warnings() {
    page_.note(words_(Code::html_warnings_note));
    HtmlTable table(out_, "list",
                    {{words_(Code::report_column)},
                     {words_(Code::html_warning)},
                     {words_(Code::report_first_in)},
                     {words_(Code::report_count), true}});
    std::uint64_t left = s_.warnings_not_kept;
    std::size_t shown = 0;
    for (const Summary::Warning& kind : s_.warning_kinds) {
      if (++shown > kShownWarningKinds) {
        left += kind.tally.count;
        continue;
      }
      const WarningWords told = words_of(kind, facts_.names, words_.language());
      table.row();
      table.head().text(told.where).close();
      table.cell().text(told.message).text(" ").open("small").element("code", told.code).close();
      if (!told.column_message.empty()) out_.element("p", told.column_message, {{"class", "note"}});
      out_.close();
      table.cell(record_words(kind.tally.first, facts_, words_));
      table.cell(grouped(kind.tally.count));
    }
    table.end(words_);
    if (left > 0) page_.note(words_.counted(Code::report_more_warnings, left));
  }

  void blanks() {
    page_.note(words_.counted(Code::html_blanks_note, s_.rows));
    struct Kind {
      Code title;
      std::uint64_t ColumnCounts::* count;
    };
    std::vector<Kind> kinds = {{Code::report_missing, &ColumnCounts::missing},
                               {Code::report_null, &ColumnCounts::null},
                               {Code::report_empty, &ColumnCounts::empty},
                               {Code::report_default_written, &ColumnCounts::defaults},
                               {Code::report_wrong_kept, &ColumnCounts::wrong_not_rejected}};
    std::erase_if(kinds, [this](const Kind& kind) {
      return std::all_of(s_.columns.begin(), s_.columns.end(),
                         [&kind](const ColumnCounts& c) { return c.*kind.count == 0; });
    });
    std::vector<HtmlTable::Column> titles = {{words_(Code::report_column)},
                                             {words_(Code::profile_filled)}};
    for (const Kind& kind : kinds) titles.push_back({words_(kind.title), true});
    HtmlTable table(out_, "list", std::move(titles), kShownColumns);
    for (std::size_t i = 0; i < known_columns().size(); ++i) {
      const ColumnCounts& c = s_.columns[i];
      if (!has_blanks(c) || !table.row()) continue;
      table.head().text(facts_.names.columns[i]).close();
      const std::uint64_t filled = s_.rows - std::min(s_.rows, c.blanks());
      table.cell().text(rough_percent(filled, s_.rows));
      small_bar(out_,
                {{words_(Code::profile_filled), filled, Tone::plain},
                 {words_(Code::html_blank), s_.rows - filled, Tone::nothing}},
                words_);
      out_.close();
      for (const Kind& kind : kinds) table.cell(c.*kind.count == 0 ? "" : grouped(c.*kind.count));
    }
    table.end(words_);
  }

  std::vector<std::string> notes_of_run() {
    std::vector<std::string> notes;
    for (const Phrase& note : facts_.notes) notes.push_back(say(words_.language(), note));
    for (const auto& [key, tally] : s_.notices) {
      if (key.first >= facts_.names.columns.size()) continue;
      notes.push_back(facts_.names.columns[key.first] + ": " + say(words_.language(), key.second) +
                      " × " + grouped(tally.count) + ", " +
                      words_(Code::report_first, {record_words(tally.first, facts_, words_)}));
    }
    if (s_.items_left_out > 0)
      notes.push_back(words_.counted(Code::report_items_left_out, s_.items_left_out));
    if (s_.made_safe > 0) notes.push_back(words_.counted(Code::report_made_safe, s_.made_safe));
    return notes;
  }

  void notes() {
    const std::vector<std::string> notes = notes_of_run();
    out_.open("ul");
    for (std::size_t i = 0; i < std::min(notes.size(), kShownNotes); ++i)
      out_.element("li", notes[i]);
    out_.close();
    more(notes.size(), kShownNotes);
  }

  void fact(Code what, std::string_view value) {
    if (value.empty()) return;
    out_.element("dt", words_(what)).element("dd", value);
  }
  void facts_each(Code what, const std::vector<std::string>& values, std::size_t most) {
    if (values.empty()) return;
    out_.element("dt", words_(what)).open("dd");
    for (std::size_t i = 0; i < std::min(values.size(), most); ++i) out_.element("p", values[i]);
    more(values.size(), most);
    out_.close();
  }

  void what_ran() {
    out_.open("dl", {{"class", "facts"}});
    fact(Code::html_mapping, facts_.mapping.empty() || facts_.mapping == facts_.mapping_file
                                 ? facts_.mapping_file
                                 : facts_.mapping + " (" + facts_.mapping_file + ")");
    facts_each(Code::html_tables, facts_.mapping_reads, kShownFiles);
    std::vector<std::string> inputs;
    for (std::size_t i = 0; i < facts_.inputs.size(); ++i) inputs.push_back(input(i));
    facts_each(Code::html_inputs, inputs, kShownInputs);
    if (facts_.dumps != facts_.inputs) facts_each(Code::html_dumps, facts_.dumps, kShownInputs);
    fact(Code::html_output, output_words());
    fact(Code::html_rejects, facts_.rejects);
    fact(Code::html_started, utc(facts_.started));
    fact(Code::html_finished, utc(facts_.finished));
    fact(Code::html_today, utc_minute(facts_.today * 1000));
    fact(Code::html_run_id, facts_.run);
    fact(Code::html_version, "trama " + facts_.trama);
    fact(Code::html_zone_data, facts_.zone_data);
    fact(Code::html_mapping_digest, facts_.mapping_sha256);
    fact(Code::html_exit, std::to_string(facts_.exit));
    if (!facts_.command.empty())
      out_.element("dt", words_(Code::html_command))
          .open("dd")
          .element("code", facts_.command)
          .close();
    out_.close();
  }

  std::string input(std::size_t i) {
    std::string text = shown_file(facts_.inputs[i], words_, Code::standard_input);
    if (i >= facts_.input_facts.size()) return text;
    const InputFacts& facts = facts_.input_facts[i];
    static constexpr std::array<Code, 5> kStates = {Code::html_input_unread, Code::html_input_part,
                                                    Code::html_input_read, Code::html_input_refused,
                                                    Code::html_input_imported};
    text += ": " + words_(kStates[static_cast<std::size_t>(facts.state)]);
    if (facts.bytes > 0) text += ", " + words_.counted(Code::html_bytes, facts.bytes);
    if (!facts.sha256.empty()) text += ", SHA-256 " + facts.sha256;
    return text;
  }

  std::string output_words() {
    if (is_published()) return words_(Code::html_output_published, {output()});
    if (is_streamed()) return output();
    return words_(Code::html_output_none, {output()});
  }

  const Summary& s_;
  const RunFacts& facts_;
  HtmlPage page_;
  const ReportWords& words_;
  HtmlOut& out_;
  const std::vector<ErrorPage> pages_;
  const std::vector<ListedError> errors_;
  const std::vector<UnknownWords> unknown_;
};

}  // namespace

std::string run_html(const Summary& summary, const RunFacts& facts, Language language) {
  return PageOfRun(summary, facts, language).write();
}

}  // namespace trama
