#include "report/drift_report.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/phrase_codes.h"
#include "base/version.h"
#include "report/html_page.h"
#include "report/json_out.h"
#include "report/profile_report.h"
#include "report/report_line.h"
#include "report/row_table.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kMostPathColumns = 32;
constexpr std::size_t kIndent = 4;
constexpr std::size_t kShownCodes = 6;
constexpr std::size_t kShownFormats = 3;
constexpr std::size_t kPageChanges = 1000;
constexpr std::size_t kCodeCharacters = 30;

constexpr std::array<std::string_view, 19> kKindNames = {
    "records",      "unread",    "renamed", "gone",     "kind",    "date_format", "clock",
    "number_marks", "no_number", "larger",  "negative", "days",    "offset",      "form",
    "code_new",     "code_gone", "filled",  "items",    "appeared"};

static_assert(kKindNames.size() == static_cast<std::size_t>(DriftKind::appeared) + 1);

std::string_view pick_form(const RecordedPath& path) {
  return path.vocabulary.empty() ? path.form : path.vocabulary;
}

/// What a form or vocabulary is called.
Phrase form_words(std::string_view name) {
  static constexpr std::pair<std::string_view, Code> kWords[] = {
      {"email", Code::profile_email},       {"url", Code::profile_url},
      {"uuid", Code::profile_uuid},         {"phone", Code::profile_phone},
      {"duration", Code::profile_duration}, {"card", Code::profile_card},
      {"token", Code::profile_token},       {"currency", Code::profile_currency},
      {"country", Code::profile_country},   {"zone", Code::profile_zone},
      {"yes_no", Code::profile_yes_no}};
  for (const auto& [word, code] : kWords)
    if (word == name) return code;
  return name;
}

/// "2.5", "12": one decimal where it is small.
std::string mean(std::uint64_t sum, std::uint64_t of) {
  if (of == 0) return "0";
  const std::uint64_t tenths = (sum * 10 + of / 2) / of;
  const std::string whole = grouped(tenths / 10);
  return tenths % 10 == 0 || tenths >= 1000 ? whole : whole + '.' + std::to_string(tenths % 10);
}

/// One digit and zeros: 100 for 97.3.
std::string roughly(double times) {
  double unit = 1;
  while (times / unit >= 10) unit *= 10;
  return grouped(static_cast<std::uint64_t>(std::llround(times / unit) * std::llround(unit)));
}

class Message {
 public:
  Message(const Drift& drift, const DriftFacts& facts) : drift_(drift), facts_(facts) {}

  [[nodiscard]] Phrase phrase() const {
    const RecordedPath* const a = drift_.before;
    const RecordedPath* const b = drift_.after;
    switch (drift_.kind) {
      case DriftKind::records:
        return said(Code::drift_records,
                    {grouped(facts_.after.records), grouped(facts_.before.records)});
      case DriftKind::unread:
        return said(Code::drift_unread,
                    {grouped(facts_.after.unread), grouped(facts_.before.unread)});
      case DriftKind::renamed:
        return said(Code::drift_renamed, {b->path});
      case DriftKind::gone:
        return said(Code::drift_gone, {rough_percent(a->count, a->parents())});
      case DriftKind::json_kind:
        return said(Code::drift_kinds, {kinds(*b), kinds(*a)});
      case DriftKind::date_format:
        return dates(*a, *b);
      case DriftKind::clock:
        return said(Code::drift_times, {rough_percent(b->with_time, b->values),
                                        rough_percent(a->with_time, a->values)});
      case DriftKind::number_marks:
        return said(Code::drift_marks, {b->number, a->number});
      case DriftKind::no_number:
        return said(Code::drift_no_number, {rough_percent(drift_.part_after, b->values), a->number,
                                            rough_percent(drift_.part_before, a->values)});
      case DriftKind::larger:
        return larger(*a, *b);
      case DriftKind::negative:
        return b->numbers ? said(Code::drift_negative, {b->numbers->least})
                          : said(Code::drift_negative_hidden);
      case DriftKind::days_off:
        return ranges(said(Code::drift_days), *a->days, *b->days);
      case DriftKind::offset:
        return said(Code::drift_offset, {rough_percent(b->with_offset, b->with_time),
                                         rough_percent(a->with_offset, a->with_time)});
      case DriftKind::form:
        return form(*a, *b);
      case DriftKind::code_new:
        if (drift_.codes.empty())
          return said(Code::drift_codes_many, {grouped(b->distinct), grouped(a->distinct)});
        return said(Code::drift_codes_new, {codes()});
      case DriftKind::code_gone:
        return said(Code::drift_codes_gone, {codes()});
      case DriftKind::filled:
        return said(Code::drift_filled, {rough_percent(b->filled(), b->parents()),
                                         rough_percent(a->filled(), a->parents())});
      case DriftKind::items:
        return said(Code::drift_items_most,
                    {mean(b->items, b->of(JsonKind::list)), grouped(b->most_items),
                     mean(a->items, a->of(JsonKind::list)), grouped(a->most_items)});
      case DriftKind::appeared:
        return said(Code::drift_appeared, {rough_percent(b->count, b->parents())});
    }
    return {};
  }

 private:
  static Phrase said(Code code, std::vector<Phrase> values = {}) {
    return {code, std::move(values)};
  }

  /// "text (12), number (3)"; of one kind without its count.
  [[nodiscard]] Phrase kinds(const RecordedPath& path) const {
    static constexpr std::pair<JsonKind, Code> kShown[] = {
        {JsonKind::text, Code::profile_text},
        {JsonKind::number, Code::profile_number},
        {JsonKind::boolean, Code::profile_boolean},
        {JsonKind::list, Code::profile_list},
        {JsonKind::object, Code::profile_object}};
    std::vector<Phrase> all;
    Phrase only;
    for (const auto& [kind, code] : kShown) {
      if (path.of(kind) == 0) continue;
      only = code;
      if (!all.empty()) all.emplace_back(", ");
      all.emplace_back(Code::drift_kind_count, std::vector<Phrase>{code, grouped(path.of(kind))});
    }
    return all.size() == 1 ? only : Phrase::several(std::move(all));
  }

  [[nodiscard]] Phrase dates(const RecordedPath& a, const RecordedPath& b) const {
    const auto formats = [](const std::vector<std::string>& all_formats) {
      std::vector<std::string_view> first;
      for (const std::string& format : all_formats)
        if (first.size() < kShownFormats &&
            std::find(first.begin(), first.end(), format) == first.end())
          first.push_back(format);
      return Phrase::listed(first);
    };
    const bool all = drift_.part_before == a.values;
    const Phrase before =
        formats(all || a.some_dates.empty() ? a.formats : a.some_dates.front().formats);
    if (all && drift_.part_after == 0 && !b.formats.empty())
      return said(Code::drift_dates, {formats(b.formats), before});
    return said(Code::drift_dates_some, {rough_percent(drift_.part_after, b.values), before,
                                         rough_percent(drift_.part_before, a.values)});
  }

  [[nodiscard]] Phrase larger(const RecordedPath& a, const RecordedPath& b) const {
    const bool more = drift_.times >= 1;
    Phrase what(more ? Code::drift_larger : Code::drift_smaller,
                {roughly(more ? drift_.times : 1 / drift_.times)});
    return a.numbers && b.numbers ? ranges(std::move(what), *a.numbers, *b.numbers) : what;
  }

  [[nodiscard]] static Phrase ranges(Phrase what, const RecordedRange& a, const RecordedRange& b) {
    return said(Code::drift_range, {std::move(what), b.least, b.greatest, a.least, a.greatest});
  }

  [[nodiscard]] Phrase form(const RecordedPath& a, const RecordedPath& b) const {
    if (!a.vocabulary.empty()) return said(Code::drift_vocabulary, {form_words(pick_form(a))});
    const std::uint64_t now = b.form == a.form ? b.form_count : 0;
    return said(Code::drift_form, {rough_percent(now, b.values), form_words(a.form),
                                   rough_percent(a.form_count, a.values)});
  }

  [[nodiscard]] Phrase codes() const {
    std::vector<Phrase> all;
    for (std::size_t i = 0; i < std::min(drift_.codes.size(), kShownCodes); ++i) {
      const RecordedValue& value = drift_.codes[i];
      if (i > 0) all.emplace_back(", ");
      all.push_back(said(Code::profile_value_count, {shown_code(value), grouped(value.count)}));
    }
    if (drift_.codes.size() > kShownCodes) all.emplace_back(", …");
    return Phrase::several(std::move(all));
  }

  /// In quotes where blanks or marks would hide where it ends.
  [[nodiscard]] static std::string shown_code(const RecordedValue& value) {
    const std::string text = shortened(value.text, kCodeCharacters);
    if (value.kind != JsonKind::text || text.find_first_of(" ,\"\n\t") == std::string::npos)
      return text;
    std::string quoted;
    append_json_string(quoted, text);
    return quoted;
  }

  const Drift& drift_;
  const DriftFacts& facts_;
};

const RecordedPath* path_of(const Drift& drift) noexcept {
  return drift.before != nullptr ? drift.before : drift.after;
}

std::string path_words(const Drift& drift, const ReportWords& words) {
  const RecordedPath* const path = path_of(drift);
  if (path == nullptr) return words(Code::drift_all_records);
  return path->path.empty() ? words(Code::profile_record_itself) : path->path;
}

std::string shown_path(const Drift& drift, const ReportWords& words) {
  return visible(path_words(drift, words));
}

std::vector<std::string> columns_of(const Drift& drift, const DriftFacts& facts) {
  const RecordedPath* const path = path_of(drift);
  return path == nullptr ? std::vector<std::string>() : facts.readers(path->path);
}

/// A line, and more of them, indented, where it is too long for one.
void add_line(std::string& out, const Drift& drift, const DriftFacts& facts,
              const ReportWords& words, std::size_t path_columns) {
  std::string text = visible(say(words.language(), message_of(drift, facts)));
  const std::vector<std::string> columns = columns_of(drift, facts);
  if (!columns.empty())
    text += "  [" + words(Code::drift_readers, {Phrase(visible(joined(columns)))}) + ']';
  ReportLine line;
  line.add(shown_path(drift, words));
  if (line.fits(text, kReportColumns) && path_columns + 2 + characters_in(text) <= kReportColumns) {
    line.to(path_columns + 2).add(text).end(out);
    return;
  }
  line.end(out);
  for (const std::string& part : wrap_words(text, kReportColumns - kIndent))
    out.append(kIndent, ' ').append(part) += '\n';
}

std::string inputs_of(const DriftFacts& facts, const ReportWords& words) {
  std::string inputs;
  for (const Phrase& input : facts.inputs)
    (inputs.empty() ? inputs : inputs += " + ") += say(words.language(), input);
  return inputs;
}

std::string counts_of(const DriftFacts& facts, const ReportWords& words) {
  return words.counted(Code::report_read, facts.after.records) + ", " +
         words(Code::drift_beside,
               {facts.file, words.counted(Code::records, facts.before.records)});
}

std::string title(const DriftFacts& facts, const ReportWords& words) {
  return visible(inputs_of(facts, words)) + '\n' + visible(counts_of(facts, words));
}

}  // namespace

Phrase message_of(const Drift& drift, const DriftFacts& facts) {
  return Message(drift, facts).phrase();
}

std::string_view word_of(DriftKind kind) noexcept {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::string drift_text(const std::vector<Drift>& drifts, const DriftFacts& facts,
                       Language language) {
  const ReportWords words(language);
  const auto changes = static_cast<std::uint64_t>(std::count_if(
      drifts.begin(), drifts.end(), [](const Drift& drift) { return !drift.chance; }));
  std::size_t path_columns = 8;
  for (const Drift& drift : drifts) {
    const std::size_t size = characters_in(shown_path(drift, words));
    if (size <= kMostPathColumns) path_columns = std::max(path_columns, size);
  }
  std::string out =
      title(facts, words) + ": " +
      (changes > 0 ? words.counted(Code::drift_changes, changes) : words(Code::drift_none)) + '\n';
  bool chance = false;
  bool first = true;
  for (const Drift& drift : drifts) {
    if (first || (drift.chance && !chance)) out += '\n';
    first = false;
    if (drift.chance && !chance) out += words(Code::drift_may_be_chance) + '\n';
    chance = drift.chance;
    add_line(out, drift, facts, words, path_columns);
  }
  return out;
}

std::string drift_html(const std::vector<Drift>& drifts, const DriftFacts& facts,
                       Language language) {
  const ReportWords words(language);
  const auto is_chance = [](const Drift& drift) { return drift.chance; };
  const auto chance =
      static_cast<std::size_t>(std::count_if(drifts.begin(), drifts.end(), is_chance));
  const std::size_t changes = drifts.size() - chance;
  HtmlPage page(words(Code::html_drift, {inputs_of(facts, words)}), language);
  page.lead(counts_of(facts, words));
  page.verdict(changes > 0 ? words.counted(Code::drift_changes, changes) : words(Code::drift_none));
  for (const bool by_chance : {false, true}) {
    if ((by_chance ? chance : changes) == 0) continue;
    page.section(words(by_chance ? Code::html_chance : Code::html_changes));
    if (by_chance) page.note(words(Code::drift_may_be_chance));
    HtmlTable table(
        page.out(), "list",
        {{words(Code::profile_path)}, {words(Code::html_change)}, {words(Code::html_read_by)}},
        kPageChanges);
    for (const Drift& drift : drifts) {
      if (drift.chance != by_chance || !table.row()) continue;
      table.head().element("code", path_words(drift, words)).close();
      table.cell(say(language, message_of(drift, facts)));
      table.cell(joined(columns_of(drift, facts)));
    }
    table.end(words);
  }
  return page.end();
}

std::string drift_json(const std::vector<Drift>& drifts, const DriftFacts& facts,
                       Language language) {
  JsonOut json;
  json.open('{').key("trama").text(version());
  json.key("profile").text(facts.file);
  json.key("inputs").open('[');
  for (const Phrase& input : facts.inputs) json.text(say(Language::en, input));
  json.close(']');
  json.key("records").open('{').key("before").number(facts.before.records);
  json.key("after").number(facts.after.records).close('}');
  json.key("unread").open('{').key("before").number(facts.before.unread);
  json.key("after").number(facts.after.unread).close('}');
  json.key("changes").open('[');
  std::string out = json.take();
  std::string_view before = "\n";
  for (const Drift& drift : drifts) {
    JsonOut line;
    line.open('{').key("kind").text(word_of(drift.kind));
    if (const RecordedPath* const path = path_of(drift)) line.key("path").text(path->path);
    if (drift.kind == DriftKind::renamed) line.key("now").text(drift.after->path);
    if (drift.chance) line.key("may_be_chance").yes_or_no(true);
    if (!drift.codes.empty()) {
      line.key("values").open('[');
      for (const RecordedValue& value : drift.codes)
        line.open('{')
            .key("value")
            .text(value.text)
            .key("kind")
            .text(kKindWords[static_cast<std::size_t>(value.kind)])
            .key("count")
            .number(value.count)
            .close('}');
      line.close(']');
    }
    line.key("columns").open('[');
    for (const std::string& column : columns_of(drift, facts)) line.text(column);
    line.close(']').key("message").text(say(language, message_of(drift, facts))).close('}');
    out.append(before).append(line.take());
    before = ",\n";
  }
  return out + "\n]}\n";
}

}  // namespace trama
