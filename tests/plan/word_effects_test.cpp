// Every word of a column beside every source and every type: either `check` refuses it, or it
// changes what a run gives (mappings/rules.md, rule 9.27). The table is src/mapping/word_effects.inc.

#include "mapping/word_effects.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "mapping/words.h"
#include "step/step.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

constexpr auto kNone = std::string::npos;

using Words = std::vector<std::pair<std::string, std::string>>;  // words of a column, in order

/// What is written in a mapping as a constant of the type, and another one.
struct Constants {
  std::string one, other;
};
const std::map<std::string, Constants> kConstants = {
    {"", {"abc", "x.y"}},
    {"text", {"abc", "x.y"}},
    {"email", {"abc@b.co", "zbc@b.co"}},
    {"url", {"https://b.co/xyz", "https://z.co/xyz"}},
    {"uuid", {"123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174001"}},
    {"country", {"ES", "FR"}},
    {"currency", {"EUR", "USD"}},
    {"integer", {"7", "9"}},
    {"decimal", {"7", "9"}},
    {"money", {"7", "9"}},
    {"boolean", {"yes", "no"}},
    {"date", {"2025-03-01", "2025-03-02"}},
    {"datetime", {"2025-03-01T10:00:00", "2025-03-02T10:00:00"}},
    {"time", {"10:30:00", "11:00:00"}},
    {"duration", {"PT1H", "PT2H"}},
    {"json", {"'{\"q\":1}'", "'{\"q\":2}'"}},
};

/// Values of the fields `a` and `l[*].v`, as JSON: some for all types, some for the type.
std::vector<std::string> values_for(const std::string& type) {
  std::vector<std::string> values = {"null",    "\"\"",    "[]",      "{}",      "{\"q\":1}",
                                     "[\"q\"]", "true",    "\"N/A\"", "\"7\"",   "7",
                                     "\" 7 \"", "\"abc\"", "\"ABC\"", "\"A-B\"", "\"abc~x\""};
  const auto add = [&values](std::initializer_list<const char*> more) {
    values.insert(values.end(), more.begin(), more.end());
  };
  if (type.empty() || type == "text" || type == "json")
    add({"\"DBL\"", "\"dbl\"", "\"a  b\"", "\"\\u00e1\"", "\"<b>x</b>\"", "\"x.y\"", "\"9-8\""});
  const Constants& c = kConstants.at(type);
  if (type != "json") add({("\"" + c.one + "\"").c_str(), ("\"" + c.other + "\"").c_str()});
  if (type == "email") add({"\"a@b.co\"", "\"A@B.CO\"", "\" a@b.co\"", "\"a@b.co-x\""});
  if (type == "url") add({"\"https://b.co/x\"", "\" https://b.co/x\"", "\"https://b.co/x-y\""});
  if (type == "uuid") add({"\"123e4567-e89b-12d3-a456-426614174000\""});
  if (type == "country") add({"\"ES\"", "\"es\"", "\"ES-MD\"", "\"FR\""});
  if (type == "currency") add({"\"EUR\"", "\"eur\"", "\"EUR-x\"", "\"USD\"", "\"HRK\""});
  if (type == "integer" || type == "decimal" || type == "money" || type.empty())
    add({"\"5.5\"", "5.25", "\"1.234,56\"", "\"1.5e3\"", "\"-3\"", "\"9-8\"", "100", "5.125",
         "\"5.125\"", "\"5.25\"", "\"99999999999999999999\"", "\"EUR5.00\"", "\"EUR7\""});
  if (type == "boolean")
    add({"false", "\"true\"", "\"false\"", "\"Y\"", "\"N\"", "\"y\"", "\"true-x\""});
  if (type == "date" || type == "datetime" || type == "time")
    add({"\"2025-03-01\"",
         "\"01/03/2025\"",
         "\"05 mar 2025\"",
         "\"05 Apr 2025 10:00\"",
         "\"01/03/25\"",
         "\"2025-03-09T02:30:00\"",
         "\"2025-11-02T01:30:00\"",
         "\"2025-03-01T23:30:00Z\"",
         "\"2025-03-01T10:00:00\"",
         "\"10:30:00\"",
         "\"10:30\"",
         "\"01/03/25 10:30\"",
         "\"01/03/2025 10:30\"",
         "\"29/02/00 10:30\"",
         "\"05 ene 2025\"",
         "\"05 ene 2025 10:00\"",
         "\"9:30:00\"",
         "\"2025-3-01\"",
         "\"10:30:00-x\"",
         "\"2025-03-01_x\""});
  if (type == "duration") add({"\"PT1H\"", "\"PT90M\"", "\"P1D\"", "\"pt1h\"", "\"PT1H-x\""});
  return values;
}

/// Records with each value twice: once in a record that breaks the rule of the mapping,
/// which shows the column.
std::string records_for(const std::string& type) {
  std::string all;
  int n = 0;
  const auto add = [&](const std::string& a, const std::string& list, const char* more = "") {
    all += "{\"id\":" + std::to_string(n) + ",\"w\":\"" + (n % 2 == 0 ? "c" : "f") +
           "\",\"z\":\"Asia/Tokyo\",\"cur\":\"JPY\",\"old\":\"HRK\",\"mu\":3,\"b\":\"B-2\"" + more +
           (a.empty() ? "" : ",\"a\":" + a + ",\"p\":{\"a\":" + a + "}") +
           (list.empty() ? "" : ",\"l\":" + list) + "}\n";
    ++n;
  };
  const std::string days = R"(,"day":"2025-03-03","day2":"2025-02-03")";
  const std::vector<std::string> values = values_for(type);
  for (const std::string& value : values) {
    const std::string item = "{\"k\":\"x\",\"v\":" + value + "}";
    add(value, "[" + item + "]", days.c_str());
    add(value, "[" + item + ",{\"k\":\"x\",\"v\":" + values.back() + "},{\"k\":\"y\"}]",
        days.c_str());
    add(value, "[" + item + "]", (days + R"(,"r":"y")").c_str());
  }
  add("\"7\"", "", R"(,"day":"9999-12-31","o":"abc")");
  add("\"7\"", "", R"(,"day":"2025-03-03","f":"x")");
  add("", "", R"(,"p":"text","l":[{"k":"x","v":"7"}],"f":"x")");
  for (const char* list :
       {"", "null", "[]", "\"\"", "{}", "7", "[{\"k\":\"y\"},{\"k\":\"x\",\"v\":7}]"})
    add("", list);
  return all;
}

struct Source {
  std::string name;
  Words words;  // the first one names the source
};

/// The lookup of a mapping gives constants of the type; keys are texts that the records have.
std::string pairs_for(const std::string& type) {
  const Constants& c = kConstants.at(type);
  return "{\"7\": " + c.one + ", abc: " + c.other + ", ABC: " + c.one + "}";
}
/// Without keys that differ by case alone.
std::string folding_pairs_for(const std::string& type) {
  const Constants& c = kConstants.at(type);
  return "{\"7\": " + c.one + ", Abc: " + c.other + "}";
}

std::string computed(const std::string& type) {
  if (type == "boolean") return "source.a > 6";
  if (type == "date") return "D + 1 days";
  if (type == "decimal" || type == "integer" || type == "money") return "N * N";
  return type.empty() ? "N * 2 * N" : "Z";
}

std::vector<Source> sources_for(const std::string& type) {
  const Constants& c = kConstants.at(type);
  const bool text = type.empty() || type == "text";
  std::vector<Source> all = {
      {"one", {{"from", type == "json" ? "p.a" : "a"}}},
      {"many joined", {{"from", "[a, o]"}, {"join", "\"\""}}},
      {"many as a list", {{"from", "\"l[*].v\""}}},
      {"pick", {{"from", "{list: l, where: k, is: x, take: v}"}}},
      {"first_of", {{"first_of", "[a, \"l[0].v\"]"}}},
      {"value", {{"value", c.one}}},
      {"compute", {{"compute", computed(type)}}},
      {"choose",
       {{"choose", "[{when: \"source.w = 'c'\", write: " + c.one +
                       "}, {otherwise: " + (text ? "{from: a}" : "{column: Z}") + "}]"}}},
      {"constants", {{"choose", "[{when: \"source.w = 'c'\", write: " + c.one + "}]"}}},
      {"rate_of", {{"rate_of", "M"}}},
      {"rate_day_of", {{"rate_day_of", "M"}}},
      {"currency_of", {{"currency_of", "M"}}},
      {"each", {{"each", "l"}, {"columns", "{c: item.v}"}}},
      {"by", {{"by", "[a, b]"}, {"lookup", "two" + type}}},
  };
  for (const char* total : {"sum", "max", "first", "count"})
    all.push_back({std::string("total ") + total, {{"from", "\"l[*].v\""}, {"total", total}}});
  return all;
}

/// The word's values, and the words beside which it is tried ("" alone).
struct Sample {
  std::vector<std::string> values;
  std::vector<std::string> beside = {""};
};

std::string date_format(const std::string& type, bool read) {
  if (type == "time") return read ? "[HH:mm]" : "HH:mm";
  if (type == "datetime") return read ? "[DD/MM/YY HH:mm]" : "DD/MM/YYYY HH:mm";
  return read ? "[DD/MM/YYYY]" : "DD/MM/YYYY";
}

/// A sample of every word: from this table, or the examples of its step. None: see kNotTried.
Sample sample_of(const std::string& word, const std::string& type) {
  const Constants& c = kConstants.at(type);
  const std::string rated = "rates: r, rate_date: D, decimals: 2, rounding: half-up";
  const std::string named =
      type == "time" || type == "datetime" ? "read: [DD MMM YYYY HH:mm]" : "read: [DD MMM YYYY]";
  const std::string short_year =
      type == "time" || type == "datetime" ? "read: [DD/MM/YY HH:mm]" : "read: [DD/MM/YY]";
  const std::string iso = "read: [ISO-8601], ";
  // What `type: json` copies goes through no step; the parts of a text do.
  const std::vector<std::string> of_parts = type == "json"
                                                ? std::vector<std::string>{"", "split: {by: \"-\"}"}
                                                : std::vector<std::string>{""};
  const std::map<std::string, Sample> samples = {
      {"from", {{"b"}}},
      {"first_of", {{"[b]"}}},
      {"value", {{c.one}}},
      {"compute", {{"N + 1"}}},
      {"choose", {{"[{otherwise: " + c.one + "}]"}}},
      {"rate_of", {{"M"}}},
      {"rate_day_of", {{"M"}}},
      {"currency_of", {{"M"}}},
      {"each", {{"l"}}},
      {"by", {{"[a, b]"}}},
      {"where", {{"{s: OK}"}}},
      {"called", {{"it"}}},
      {"columns", {{"{c: item.v}", "{d: item.v}"}}},
      {"total", {{"sum", "max", "min", "first", "last", "only", "same", "count"}}},
      {"internal", {{"yes"}}},
      {"required", {{"yes"}}},
      {"optional", {{"yes"}}},
      {"when_missing", {{c.one}}},
      {"when_null", {{c.one}}},
      {"when_empty", {{c.one}}},
      {"when_blank", {{c.one}}},
      {"null_words",
       {{"[N/A, \"7\", abc, a@b.co, \"https://b.co/x\", 123e4567-e89b-12d3-a456-426614174000, ES, "
         "EUR, \"true\", \"2025-03-01\", \"2025-03-01T10:00:00\", \"10:30:00\", PT1H]"},
        of_parts}},
      {"when_wrong", {{"write-blank", "write-original", "stop", "{write: " + c.other + "}"}}},
      {"blank_as", {{"left-out"}}},
      {"personal", {{"yes"}}},
      {"text", {{"upper-case", "trim", "digits-only"}, of_parts}},
      {"join", {{"\"\"", "\"+\""}}},
      {"split",
       {{"{by: \"-\", take: 1}", "{by: \"~\", take: 1}", "{by: \"9\", take: 1}",
         "{by: \"1\", take: 1}", "{by: \"-\"}"}}},
      {"replace", {{"{\"-.\": \"\"}", "{\"[39]\": \"7\"}", "{\"1\": \"2\"}"}, of_parts}},
      {"pad",
       {{"{to: 8, with: \"0\"}", "{to: 9, with: \"0\"}", "{to: 60, with: \"0\"}"},
        type == "json" ? of_parts
                       : std::vector<std::string>{"", "lookup: {\"00000007\": " + c.one +
                                                          "}, unknown: write-blank"}}},
      {"small_words", {{"[B, BC, C, CO, ABC]"}}},
      {"at_least", {{"4", type == "url" ? "15" : "7"}}},
      {"at_most", {{"1"}}},
      {"pattern", {{"\"[a-b]+\""}}},
      {"one_of", {{"[" + c.other + "]", "[" + c.one + "]"}}},
      {"decimals", {{"3", "0"}, {"", "write: hours"}}},
      {"rounding",
       {{"half-up", "up", "exact"},
        {"", "decimals: 0", "decimals: 1", "write: hours, decimals: 0"}}},
      {"read_number", {{"\"1.234,56\"", "\"1.5e3\""}}},
      {"between", {{"[" + c.other + ", none]", "[none, " + c.one + "]"}}},
      {"times", {{"2"}}},
      {"minor_units", {{"yes", "{from: mu}"}}},
      {"currency", {{"EUR", "JPY", "{from: cur}", "in-amount"}, {"", "decimals: by-currency"}}},
      {"withdrawn", {{"accept", "reject"}}},
      {"convert_to", {{"USD", "JPY"}, {"", rated}}},
      {"rates",
       {{"r", "r2"}, {"", "convert_to: USD, rate_date: D, decimals: 2, rounding: half-up"}}},
      {"rate_date",
       {{"D", "D2"}, {"", "convert_to: USD, rates: r, decimals: 2, rounding: half-up"}}},
      {"on_extra_rows", {{"leave-blank", "share"}}},
      {"read",
       {{type == "duration" ? "minutes" : date_format(type, true), "ISO-8601",
         type == "datetime" ? "[DD/MM/YYYY HH:mm]" : "ISO-8601",
         type == "datetime" ? "[MM/DD/YY HH:mm]" : "ISO-8601"},
        {"", "two_digit_years: 2000-2099"}}},
      {"months", {{"en", "es"}, {"", named}}},
      {"no_zone_means",
       {{"America/New_York", "Asia/Tokyo", "{from: z}"}, {"", "zone: UTC", iso + "zone: UTC"}}},
      {"zone",
       {{"UTC", "Asia/Tokyo", "{from: z}"},
        {"", "no_zone_means: America/New_York", iso + "no_zone_means: America/New_York"}}},
      {"write",
       {{type == "duration"  ? "minutes"
         : type == "boolean" ? "[si, no]"
                             : date_format(type, false)}}},
      {"two_digit_years", {{"1900-1999", "2000-2099"}, {"", short_year}}},
      {"clock_change",
       {{"earlier", "later"},
        {"", "zone: UTC", "no_zone_means: America/New_York",
         "no_zone_means: America/New_York, zone: UTC",
         iso + "no_zone_means: America/New_York, zone: UTC"}}},
      {"yes_words", {{"[Y, \"7\"]", "[y]"}, {"", "no_words: [N]"}}},
      {"no_words", {{"[N, \"7\"]", "[y]"}, {"", "yes_words: [Y]"}}},
      {"lookup", {{pairs_for(type)}, of_parts}},
      {"unknown",
       {{"keep", "write-blank", "{write: " + c.other + "}"},
        {"", "lookup: " + pairs_for(type),
         (of_parts.back().empty() ? "" : of_parts.back() + ", ") + "lookup: " + pairs_for(type)}}},
      {"ignore_case",
       {{"yes"},
        {"", "lookup: " + folding_pairs_for(type),
         (of_parts.back().empty() ? "" : of_parts.back() + ", ") +
             "lookup: " + folding_pairs_for(type)}}},
  };
  const auto known = samples.find(word);
  if (known != samples.end()) return known->second;
  Sample own;  // what the step shows of its word
  if (const StepSpec* const step = find_step(StepFamily::other, word)) {
    for (const Example& example : step->examples)
      if (example.column.starts_with(word + ": "))
        own.values.emplace_back(example.column.substr(word.size() + 2));
  }
  return own;
}

/// Words that are not tried, and why.
const std::map<std::string, std::string> kNotTried = {
    {"column",
     "a source of its own, which wants an 'each' beside it: tests/run/each_columns_test.cpp"},
    {"about", "notes for people: nothing of a run shows them"},
    {"on", "of a table with lines by day alone: tests/run/dated_tables_test.cpp"},
    {"message", "words beside an error: tests/run/defaults_test.cpp"},
    {"type", "it is the other side of this test: each type is tried with every word"},
};

struct Tried {
  std::string source;  // "" where it is tried with every source
  std::string word;
  std::string type;
  std::string why;
};
/// Combinations that are accepted and change nothing here, each with its reason.
const std::vector<Tried> kExcused = {
    {"value", "personal", "json", "only a rule shows a constant, and a rule reads no json"},
};

std::string column_of(const Words& words) {
  std::string text;
  for (const auto& [word, value] : words) text += (text.empty() ? "" : ", ") + word + ": " + value;
  return text;
}

/// What a run of the mapping gives, or "" where `check` refuses it. Places in the mapping are no
/// part of it.
class Bench {
 public:
  explicit Bench(std::string type, std::string rows = "")
      : Bench(std::move(type), std::move(rows), "") {
    dump_ = records_for(type_);
  }
  Bench(std::string type, std::string rows, std::string dump)
      : type_(std::move(type)), rows_(std::move(rows)), dump_(std::move(dump)) {
    const Constants& c = kConstants.at(type_);
    files_.files["rates.csv"] =
        "day,from,to,rate\n2025-03-03,EUR,USD,1.1234\n2025-03-03,EUR,JPY,160\n2025-03-03,JPY,USD,0.5\n2025-02-03,EUR,USD,1.3\n";
    files_.files["rates2.csv"] = "day,from,to,rate\n2025-03-03,EUR,USD,1.2\n";
    std::string& two = files_.files["two.csv"];  // gives what is looked up, so that it is read
    two = "k1,k2,v\nabc,B-2,\"" + (type_ == "json" ? "x" : c.other) + "\"\n";
    std::set<std::string> keys = {"abc", "ABC"};
    for (const std::string& value : values_for(type_)) {
      const std::string text = value.substr(1, value.size() - 2);
      const bool plain = value.front() == '"' && !text.empty() &&
                         text.find_first_of("\\~") == kNone && keys.insert(text).second;
      if (plain) two += "\"" + text + "\",B-2,\"" + text + "\"\n";
    }
  }

  std::string run(const std::string& column) {
    const auto known = seen_.find(column);
    if (known != seen_.end()) return known->second;
    return seen_[column] = run_anew(column);
  }
  std::string last_diagnostics;

 private:
  std::string run_anew(const std::string& column) {
    const auto names = [&column](const char* what) {
      return column.find(what) != std::string::npos;
    };
    const bool money = names("_of: M");
    const bool dated = money || names(": D") || names(" + 1 days");
    std::string text = "mapping: m\nversion: 1\ntables:\n";
    if (money || names("rates: r"))
      text += "  r: {kind: rates, file: rates.csv, date: day, from: from, to: to, rate: rate}\n";
    if (names("rates: r2"))
      text += "  r2: {kind: rates, file: rates2.csv, date: day, from: from, to: to, rate: rate}\n";
    text += "  two" + type_ + ": {file: two.csv, key: [k1, k2], value: v}\n" + rows_ +
            "columns:\n  Id: id\n  F: {from: f, type: integer}\n";
    if (dated) text += "  D: {from: day, type: date, internal: yes}\n";
    if (names(": D2")) text += "  D2: {from: day2, type: date, internal: yes}\n";
    if (names(": N "))
      text += "  N: {from: a, type: decimal, internal: yes, when_wrong: write-blank}\n";
    if (names(": Z"))
      text += "  Z: {from: a, internal: yes, when_wrong: write-blank" +
              (type_.empty() || type_ == "money" ? ""
               : type_ == "integer"              ? ", type: decimal"
                                                 : ", type: " + type_) +
              "}\n";
    if (money)
      text +=
          "  M: {from: a, type: money, currency: EUR, convert_to: USD, rates: r, rate_date: D, "
          "decimals: 2, rounding: half-up, internal: yes, when_wrong: write-blank}\n";
    text += "  X: {" + column + "}\noutput: {format: ndjson}\n";
    if (type_ != "json" && !names("each: l"))
      text += "rules:\n  - {name: shown, check: \"source.r != 'y' or X is blank\"}\n";
    files_.files["m.yaml"] = text;
    const Mapped mapped = map_files(files_, dump_, true);
    last_diagnostics = messages(mapped.diagnostics);
    if (mapped.diagnostics.find("error[") != std::string::npos) return {};
    static const std::regex kPlaces(
        R"re("mapping_sha256": "[^"]*"|"mapping_at": "[^"]*"|"run": "[^"]*")re");
    return std::regex_replace(mapped.rejects, kPlaces, "") + mapped.rows + mapped.warned +
           mapped.counts + mapped.blanks + mapped.never_found + mapped.trouble +
           (mapped.stopped ? "stopped" : "") + "|";
  }

  std::string type_;
  std::string rows_;
  std::string dump_;
  TextFiles files_;
  std::map<std::string, std::string> seen_;
};

bool excused(const std::string& source, const std::string& word, const std::string& type) {
  return std::any_of(kExcused.begin(), kExcused.end(), [&](const Tried& t) {
    return (t.source.empty() || t.source == source) && t.word == word &&
           (t.type == "*" || t.type == type);
  });
}

bool has(const Words& words, const std::string& word) {
  return std::any_of(words.begin(), words.end(),
                     [&word](const auto& one) { return one.first == word; });
}

/// The words of the column without the one that is tried; money has a currency.
Words base_of(const Source& source, const std::string& type, const std::string& without) {
  Words words;
  for (const auto& one : source.words)
    if (one.first != without) words.push_back(one);
  if (!type.empty()) words.emplace_back("type", type);
  if (type == "money" && without != "currency")
    words.emplace_back("currency", without == "withdrawn" ? "{from: old}" : "EUR");
  return words;
}

/// Whether `check` refuses the word whatever its value is.
bool refused_for_itself(const std::string& diagnostics, const std::string& word) {
  for (const char* code : {"WORD_HAS_NO_EFFECT", "WORD_NOT_FOR_TYPE", "FINISHED_SOURCE"}) {
    const std::string said = "error[" + std::string(code) + "]: '" + word + "' ";
    if (diagnostics.find(said) != std::string::npos &&
        diagnostics.find(said) != diagnostics.find(said + "has no effect without"))
      return true;
  }
  return diagnostics.find("error[COLUMN_SOURCES]") != std::string::npos ||
         diagnostics.find("error[JOIN_ALONE]") != std::string::npos;
}

/// Tries the word: "" where all is well, else the combination that has no effect.
std::string try_word(Bench& bench, const Source& source, const std::string& word,
                     const std::string& type) {
  const bool is_source = is_source_word(word);
  if (is_source && source.words.front().first == word) return {};  // nothing to compare it with
  const Sample sample = sample_of(word, type);
  std::string wrong;
  for (const std::string& beside : sample.beside) {
    Words words = base_of(source, type, word);
    std::string column = column_of(words);
    if (!beside.empty()) {
      if (beside.starts_with("lookup") && has(words, "lookup")) continue;
      column += ", " + beside;
    }
    std::set<std::string> seen = {bench.run(column)};
    bool accepted = false;
    for (const std::string& value : sample.values) {
      if (seen.size() - seen.count("") > 1) break;
      const std::string result = bench.run(column + ", " + word + ": " + value);
      if (result.empty() && refused_for_itself(bench.last_diagnostics, word)) return wrong;
      accepted = accepted || !result.empty();
      seen.insert(result);
    }
    if (accepted && seen.size() - seen.count("") < 2) {
      if (!wrong.empty()) wrong += '\n';
      wrong += word + " beside " + source.name + ", type " + (type.empty() ? "none" : type) +
               (beside.empty() ? "" : ", with " + beside);
    }
  }
  return wrong;
}

std::vector<std::string> column_words() {
  std::vector<std::string> words;
  for (const Word& word : all_words())
    if (word.section == Section::column) words.emplace_back(word.name);
  return words;
}

std::vector<std::string> types() {
  std::vector<std::string> all = {""};
  for (const std::string_view type : word_types()) all.emplace_back(type);
  return all;
}

}  // namespace

TEST_CASE("word effects: every word of a column has its line, and a sample") {
  std::vector<std::string> lines;
  for (const WordEffect& effect : word_effects()) lines.emplace_back(effect.word);
  std::vector<std::string> words = column_words();
  std::sort(lines.begin(), lines.end());
  std::sort(words.begin(), words.end());
  CHECK(lines == words);
  for (const std::string& word : words) {
    INFO(word);
    CHECK((!sample_of(word, "text").values.empty() || kNotTried.count(word) > 0));
  }
  for (const WordNeed& need : word_needs()) {
    INFO(std::string(need.word));
    CHECK(find_word(Section::column, need.word) != nullptr);
    CHECK((need.other.empty() || find_word(Section::column, need.other) != nullptr));
    CHECK(need.types != 0);
  }
  std::string known = step_words(StepFamily::type);
  for (const std::string_view type : word_types()) {
    INFO(std::string(type));
    CHECK(is_listed(known, type));
  }
  CHECK(std::count(known.begin(), known.end(), ',') + 1 ==
        static_cast<std::ptrdiff_t>(word_types().size()));
}

TEST_CASE("word effects: check refuses a word, or it changes the output") {
  std::string without_effect;
  std::map<std::string, int> accepted;  // by source and type
  for (const std::string& type : types()) {
    Bench bench(type);
    Bench absent(type, "", "{\"Id\": 1}\n");  // nothing that a column reads
    for (const Source& source : sources_for(type)) {
      if (!bench.run(column_of(base_of(source, type, ""))).empty()) ++accepted[source.name];
      for (const std::string& word : column_words()) {
        if (kNotTried.count(word) > 0 || word == "on_extra_rows") continue;
        const std::string wrong = try_word(word == "optional" ? absent : bench, source, word, type);
        if (!wrong.empty() && !excused(source.name, word, type)) without_effect += wrong + '\n';
      }
    }
  }
  CHECK(without_effect == "");
  // Each source is tried with some type, or nothing is proved.
  for (const Source& source : sources_for("text")) {
    INFO(source.name);
    CHECK(accepted[source.name] > 0);
  }
}

}  // namespace trama::test
