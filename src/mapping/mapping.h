// Mapping: a mapping file as plain structs, each word with its Span. Read from YAML by
// read_mapping(); nothing is resolved yet: names are texts, expressions are texts with their
// places. The plan (src/plan) checks and compiles it.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/written.h"
#include "step/step.h"

namespace trama {

struct Pick;

/// A path in the source record (mappings/rules.md, rule 4.1), or a choice among the items at it.
struct Path {
  enum class StepKind : std::uint8_t {
    key,      // .name
    index,    // [0], [-1]
    items,    // [*]
    entries,  // {*}
  };
  struct Step {
    StepKind kind = StepKind::key;
    std::string key;
    std::int64_t index = 0;
    bool quoted = false;  // "a key in quotes": nothing in it is special
  };
  std::string text;  // as written
  Span span;
  bool from_top = false;  // begins with '/': a JSON Pointer from the top of the record, where
                          // nothing is special; its steps are keys, and a step of digits is also an
                          // index where the value is a list
  std::vector<Step> steps;
  std::shared_ptr<const Pick> pick{};  // `{list: …}`: the path is that of its list

  [[nodiscard]] bool stated() const noexcept { return span.line != 0; }
  [[nodiscard]] bool many() const noexcept {
    for (const Step& s : steps)
      if (s.kind == StepKind::items || s.kind == StepKind::entries) return true;
    return false;
  }
};

/// What an item must have: `where` and `is`, or one pair of `where: {path: values}`. Paths of an
/// item may begin with $key or $value, of an object's entries.
struct Condition {
  Path where;
  std::vector<Text> is;
  Path is_from;  // or `{from: path}`
};

/// `{list: name, where: languageCode, is: [es, en], take: content}`
struct Pick {
  Span span;
  std::vector<Condition> where;  // all must fit
  bool preferred = false;        // `where` and `is`: the values are in order of preference
  Path highest, lowest;          // one of them, or none
  Path take;                     // not stated: the item itself ($value)
  Path beside;  // stated: given in place of `take`, which still says which item is taken: a helper
                // field of a picked value. Never written; the compiler makes it.
};

/// What an action writes: `write-blank`, `keep`, `{write: …, and: warn}`, …
struct Action {
  enum class Kind : std::uint8_t { reject, keep, write_blank, write_original, stop, write };
  Kind kind = Kind::reject;
  Text write;  // of Kind::write
  bool warn = false;
  Span span;
  [[nodiscard]] bool stated() const noexcept { return span.line != 0; }
};

/// One `when … write …` of `choose`; `when` not stated: `otherwise`.
struct Choice {
  Text when;  // an expression
  Text constant;
  Text column;  // {column: Name}
  Path from;    // {from: path}
  Span span;
};

/// A helper field of a column: a currency, a zone, a number of decimals. A constant, or
/// `{from: path}` with keys of its own.
struct FromOr {
  Text constant;
  Path from;
  std::vector<Text> text;    // `text:` steps
  Text lookup_table;         // `lookup:` a table's name
  std::vector<Pair> lookup;  // … or its pairs
  Text when_blank;
  Switch in_amount;           // of a currency: it is before or behind the digits
  std::vector<Pair> symbols;  // … also as one of these signs
  Span span;
  [[nodiscard]] bool stated() const noexcept { return span.line != 0; }
};

struct Column {
  Text name;
  Span span;             // of the key
  bool removed = false;  // `Name: none` in a file that extends another

  // where the value comes from: exactly one of these
  std::vector<Path> from;  // one path or several
  Span from_span;          // of the `from` value as a whole (or of the short form's path)
  std::vector<Path> first_of;
  Text value;
  Text compute;
  Text rate_of, rate_day_of, currency_of;
  std::vector<Choice> choose;
  Span choose_span;
  Text total;                    // beside `from` or `column`
  Text total_column;             // `column:` the column of an `each` that is totalled
  Path each;                     // a list of objects with `columns` of its own
  std::vector<Condition> where;  // of `each`: what its items must have
  Text called;
  std::vector<Column> columns;

  Switch internal;

  // general
  Text type;
  Switch required;
  Switch optional;  // its field may be absent from a whole dump
  Text when_missing, when_null, when_empty, when_blank;
  Text when_blank_column;  // or `when_blank: {column: Name}`
  Path when_blank_from;    // or `when_blank: {from: path}`
  std::vector<Text> null_words;
  Action when_wrong;
  Text blank_as;
  Switch personal;
  Text message;
  Text about;

  // text
  std::vector<Text> text;
  Text join;
  std::vector<StepTold> steps;  // split, pad, between, …: steps that have words of their own

  // numbers
  Text decimals;  // a count, or by-currency
  Text rounding;
  std::vector<Text> read_number;
  Text times;
  Switch minor_units;
  FromOr minor_units_from;
  FromOr currency;  // constant may be `in-amount`
  Text withdrawn;   // accept or reject withdrawn codes
  FromOr convert_to;
  Text rates, rate_date;
  Text on_extra_rows;

  // dates, booleans, durations
  std::vector<Text> read;
  Text months;
  FromOr no_zone_means, zone;
  Text write;
  std::vector<Text> write_words;  // of a boolean: `write: [sí, no]`
  Text two_digit_years;
  Text clock_change;
  std::vector<Text> yes_words, no_words;

  // lookup
  Text lookup_table;         // a table's name …
  std::vector<Pair> lookup;  // … or pairs written here
  Span lookup_span;
  std::vector<Path> by;
  Text on;  // the column with the day of a table with lines by day
  Action unknown;
  Switch ignore_case;

  /// Every word of the column, where it stands: what errors of a record point at.
  std::vector<Text> words;
  [[nodiscard]] Span key_span(std::string_view word) const noexcept {
    for (const Text& one : words)
      if (one.text == word) return one.span;
    return {};
  }
  /// Whether the word is there, be its value right or wrong: one that is wrong is not missing.
  [[nodiscard]] bool has(std::string_view word) const noexcept { return key_span(word).line != 0; }
};

struct Table {
  Text name;
  Span span;
  Text kind;  // rates, or not stated
  std::vector<Pair> pairs;
  Text file;
  std::vector<Text> key;
  Text value;
  Path inside;
  Text date, from, to, rate;
  Text from_value, to_value;                 // `from: {value: EUR}`: of all its rates
  Path from_inside, to_inside, date_inside;  // `from: {inside: base}`: so is what stands there
  Text repeated;                             // of lookups: a key that comes again
  Text valid_from, valid_to;                 // columns: the days of which a line holds
  std::vector<Pair> source;                  // only lines whose column (key) has this value
  Text no_rate_that_day;
  Count at_most_days_old;
  Switch inverse_allowed;
  Text through;
  Text separator, decimal_mark, thousands_mark;
  Column days;  // how its days are read: `read` and its words, as those of a date column
};

/// What one row is made for: an item of a list, a part of a text (`{split: codes, by: ";"}`), a
/// night (`{days_from: check_in, until: check_out}`).
struct RowItems {
  enum class Kind : std::uint8_t { items, parts, days };
  Kind kind = Kind::items;
  Span span;
  Path path;      // the list, the text, the first day
  Text by;        // of parts
  Path until;     // of days
  Column days;    // how both days are read, as those of a date column
  Count at_most;  // of days
};

struct RowLevel {
  Span span;
  std::vector<RowItems> one_per;  // several: side by side
  std::vector<Text> called;
  std::vector<Condition> where;
  Span where_span;
  Text when_missing, when_empty, bad_item;
  Switch one_or_many;
  Count at_most;
};

struct Rule {
  Text name;
  Span span;
  Text check;
  Text level;
  Text message;
};

/// A limit: a number of records, or a percentage kept as its decimal text ("0.1" of "0.1%").
struct Limit {
  Text text;
  bool percent = false;
  std::string number;
  [[nodiscard]] bool stated() const noexcept { return text.stated(); }
};

/// `blank_at_most: {Correo: 5%}`
struct ColumnLimit {
  Text column;
  Limit limit;
};

struct Test {
  Text name;
  Span span;
  Text given;              // a file …
  std::string given_json;  // … or inline records as JSON lines
  Span given_span;
  Text expect_rows;  // a file …
  std::vector<std::vector<Pair>> expect_rows_inline;
  Span expect_rows_span;
  struct Rejected {
    Span span;
    Text rule, code, column, record;  // those that are stated must hold
  };
  std::vector<Rejected> expect_rejected;
  Span expect_rejected_span;
  struct Warning {
    Span span;
    Text column, rule, text;
  };
  std::vector<Warning> expect_warnings;
  Span expect_warnings_span;
  Text at;
};

struct Mapping {
  Text name;
  Text version;
  Text about;
  Text extends;

  struct Input {
    Span span;
    Text format;
    Path records;
    std::vector<Path> as_list;
    std::vector<Path> json_in_text;
    Path id;
    Text fields_nobody_uses;
    std::vector<Path> ignore_fields;
    Count expect_at_least;
    Count expect_count;
    Path expect_count_from;
    Path error_body;
    std::vector<Text> null_words;
  } input;

  std::vector<Table> tables;
  std::vector<RowLevel> rows;
  Span rows_span;

  struct Only {
    Span span;
    Text when;
    Text otherwise;
  } only;

  struct Duplicates {
    Span span;
    std::vector<Path> same;
    Text keep;       // first, last, highest, lowest, none
    Path keep_path;  // the X of highest and lowest
    Column keep_as;  // how X is written: `read` and its words, as those of a date column
    Text others;
  } duplicates;

  struct Identity {
    Span span;
    std::vector<Path> key;  // what makes a record the same thing in every dump
    Path newer_by;
    Column newer_as;  // how it is written, as `keep_as`
    Switch full_dump;
  } identity;

  std::vector<Column> columns;
  Span columns_span;
  std::vector<Span> default_words;  // the keys in `defaults` that its columns have
  std::vector<Rule> rules;

  struct Limits {
    Span span;
    Limit rejected_at_most, warn_above, warnings_at_most, deleted_at_most;
    std::vector<ColumnLimit> blank_at_most;
    Text fields_never_found;
    Count stop_early_after;
    Text publish;
  } limits;

  struct Output {
    Span span;
    Text format, separator, decimal_mark, thousands_mark;
    Switch header;
    Switch for_excel;
    Text blank_as;
    Text blank_rows;
    Text numbers_as;
    Text schema;
    std::vector<Text> audit_columns;
    Text unchanged;  // write, leave-out
    struct Table {
      Span span;  // of the word
      Text name, create, gone;
      std::vector<Pair> columns;  // the type of each
    } table;
    Switch rest;
    std::vector<Path> rest_without;
    Span rest_span;
  } output;

  std::vector<Test> tests;
};

/// Reads files for the mapping: its base, its tables. Gives false and a reason in words where it
/// cannot; fakes in tests.
class FileReader {
 public:
  virtual ~FileReader() = default;
  virtual bool read(const std::string& path, std::string& content, Phrase& why_not) = 0;
};

/// Reads the mapping at `path` (and its base, where it extends one) and collects everything wrong
/// with its form: YAML, unknown or repeated keys, words and values that the language does not have.
/// `files` gets every text that was read, so that Spans can be shown. What is wrong is left out of
/// the Mapping, so that the rest can still be checked. `root`: how far a base file may be away
/// (`--root`), else the folder above the mapping's own (mapping/paths.h).
Mapping read_mapping(const std::string& path, FileReader& reader, Files& files,
                     Diagnostics& diagnostics, std::string_view root = {});

/// Appends the tests of a `*.test.yaml` that stands beside a mapping:
/// a file whose one section is `tests`.
void read_test_file(const std::string& path, FileReader& reader, Files& files,
                    std::vector<Test>& out, Diagnostics& diagnostics);

}  // namespace trama
