#include "engine/trace.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "engine/cells.h"
#include "exec/observer.h"
#include "json/json_object.h"
#include "json/personal_places.h"
#include "plan/output_type.h"
#include "report/shown_text.h"
#include "run/dump_tables.h"
#include "run/duplicates.h"
#include "run/first_pass.h"
#include "run/run_facts.h"
#include "run/split_mapper.h"
#include "source/over_streams.h"
#include "step/args.h"
#include "text/catalogue.h"

namespace trama {
namespace {

using LineKind = TraceLine::Kind;
using Form = TracedValue::Form;
using From = PlanColumn::From;

/// What the engine reports of a record -> Trace.
class Tracer final : public MapObserver {
 public:
  Tracer(const LoadedMapping& loaded, const TableLines& table_lines, const ReportNames& names,
         const TraceOptions& options, Trace& out)
      : loaded_(loaded),
        plan_(*loaded.plan),
        table_lines_(table_lines),
        names_(names),
        words_(summary_names(plan_, loaded.run)),
        options_(options),
        out_(out),
        marks_(plan_.output.decimal_mark, plan_.output.thousands_mark),
        written_(plan_.columns.size()),
        hides_(plan_.columns.size()) {
    find_written(loaded.mapping.columns, nullptr);
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) hides_[i] = is_hidden(plan_, i);
  }

  /// The record that is mapped next.
  void begin(const Frame& frame) {
    frame_ = &frame;
    kept_ = 0;
  }

  /// As the mapping says it, else what it comes to.
  [[nodiscard]] std::string type_of(ColumnIndex index) const {
    const PlanColumn& column = plan_.columns[index];
    if (column.from == From::each) return "list";
    const Text& type = written_[index]->type;
    return type.stated() ? type.text : std::string(kind_name(column.format.kind));
  }

  void column_begins(ColumnIndex index, std::uint32_t row, std::string_view item) override {
    const PlanColumn& column = plan_.columns[index];
    Open& open = open_.emplace_back();
    open.index = index;
    open.column.name = column.name;
    open.column.type = type_of(index);
    open.column.place = index;
    open.column.internal = column.internal;
    open.column.personal = column.personal;
    open.column.of_record = !plan_.levels.empty() && column.level == 0 && !column.in_each;
    open.column.row = row;
    open.column.item = shortened(item);
    open.is_wanted = options_.column.empty() || column.name == options_.column ||
                     (open_.size() > 1 && open_[open_.size() - 2].is_wanted);
    taken.clear();
    if (column.from == From::constant)
      add({.kind = LineKind::constant, .label = "value", .value = value_of(column.constant)});
  }

  void read(const Read& read) override {
    if (open_.empty()) return;
    TraceLine line{.kind = LineKind::read, .label = label_of(read.path)};
    const bool container = read.kind == JsonKind::list || read.kind == JsonKind::object;
    const bool as_json = now().takes_json && !read.is_wrong && !now().paths.empty();
    if (container && !as_json) {
      line.value.form = read.kind == JsonKind::list ? Form::list : Form::object;
      line.value.items = read.items;
    } else if (!read.is_wrong) {
      line.value = value_of(read.value);
    }
    line.at = place_in_input(read.byte);
    if (read.value.is_blank()) open_.back().blank = read.value.kind();
    add(std::move(line), read.byte);
  }

  void null_word() override {
    if (open_.empty()) return;
    open_.back().blank = Kind::null;
    add({.kind = LineKind::null_word, .label = "null_words"});
  }

  void step(const Step& step) override {
    if (open_.empty()) return;
    Open& open = open_.back();
    if (step.reason != Reason::none) {
      open.refused = label_of(step.step);
      return;  // its error says all
    }
    TraceLine line{
        .kind = LineKind::step, .label = label_of(step.step), .value = value_of(step.value)};
    if (step.step.spec == &kLookup) {
      const auto& args = static_cast<const LookupArgs&>(*step.step.args);
      if (written_[open.index]->lookup_table.stated()) line.table = args.table_name;
      for (auto at = taken.begin(); at != taken.end();) {
        const auto entry = table_lines_.entries.find(*at);
        const bool is_entry = entry != table_lines_.entries.end();
        if (is_entry && !hides_[open.index]) line.at = place_of(entry->second);
        at = is_entry ? taken.erase(at) : std::next(at);
      }
    }
    add(std::move(line), step.byte);
  }

  void made_one(const Value& value) override {
    if (open_.empty()) return;
    const Column& said = *written_[open_.back().index];
    const bool is_total = now().total != PlanColumn::Total::none;
    TraceLine line{.label = now().from == From::composite ? "by"
                            : is_total                    ? "total: " + said.total.text
                                                          : "join",
                   .value = value_of(value)};
    if (now().from == From::total_of) line.detail = said.total_column.text;
    std::string& text = line.value.text;
    for (std::size_t at = text.find(kBetweenKeyParts); at != std::string::npos;
         at = text.find(kBetweenKeyParts, at))
      text.replace(at, 1, " / ");
    add(std::move(line));
    open_.back().bytes.assign(open_.back().bytes.size(), kNoByte);  // what follows is about the one
  }

  void judged(const Judged& judged) override {
    const auto index = static_cast<int>(&judged.expression - plan_.expressions.data());
    if (!open_.empty()) {
      expression_of_column(judged, index);
      return;
    }
    TracedRule rule;
    bool hides = false;
    if (index == plan_.only) {
      rule.check = plan_.only_text;
      const std::vector<std::uint32_t>& words = plan_.personal_words;
      hides = std::find(words.begin(), words.end(), plan_.only_place) != words.end();
    } else {
      const auto of = std::find_if(plan_.rules.begin(), plan_.rules.end(),
                                   [index](const PlanRule& r) { return r.expression == index; });
      if (of == plan_.rules.end()) return;
      rule.name = of->name;
      rule.check =
          loaded_.mapping.rules[static_cast<std::size_t>(of - plan_.rules.begin())].check.text;
      hides = of->personal;
    }
    using Outcome = TracedRule::Outcome;
    rule.outcome = !judged.tried                           ? Outcome::not_tried
                   : judged.outcome->error != Reason::none ? Outcome::failed
                   : judged.outcome->yes()                 ? Outcome::holds
                   : judged.outcome->no()                  ? Outcome::broken
                                                           : Outcome::undecided;
    rule.row = judged.row;
    rule.item = shortened(judged.item);
    rule.operands = operands_of(judged, hides);
    if (index == plan_.only) {
      out_.only = std::move(rule);
      return;
    }
    const bool is_shown = rule.row <= kTracedRows || rule.outcome != Outcome::holds;
    if (is_shown && out_.rules.size() < kTracedColumns) out_.rules.push_back(std::move(rule));
  }

  void amount(const Amount& amount) override {
    if (open_.empty()) return;
    const bool hides = hides_[open_.back().index];
    if (amount.converted && amount.rates != nullptr) {
      for (const RateTable::Line& rate :
           amount.rates->lines(amount.source, amount.currency, amount.day))
        add(rate_line(amount, rate, hides));
    }
    TraceLine line{.kind = LineKind::amount, .value = value_of(amount.value)};
    if (!hides) line.detail = amount.currency;
    add(std::move(line));
  }

  void column_ends(const End& end) override {
    Open& open = open_.back();
    const PlanColumn& column = plan_.columns[open.index];
    const auto told = [&](LineKind kind, const RecordError& error) {
      const RecordError one[] = {error};
      RejectedRecord record;
      record.number = frame_->number;
      record.line = frame_->line;
      record.column = frame_->column;
      record.bytes = {frame_->data, frame_->size};
      record.errors = one;
      const ShownReject shown = shown_reject(record, names_);
      add({.kind = kind,
           .label = std::exchange(open.refused, {}),
           .words = words_of(shown.errors.front(), words_, options_.language, shown_name())});
    };
    for (const RecordError& warning : end.warnings) told(LineKind::warning, warning);
    add_choice(column, end.value);
    add_column(column, end);
    add_given(end);
    for (const NoticeCode code : end.notices)
      add({.kind = LineKind::note,
           .label = std::string(name(code)),
           .detail = say(options_.language, code)});
    for (const RecordError& error : end.errors) told(LineKind::error, error);
    if (end.failed && end.errors.empty()) add({.kind = LineKind::not_made});
    open.column.failed = end.failed;
    if (!end.failed) {
      open.column.value = value_of(end.value, column.personal);
      add_written(column, end.value);
    }
    keep();
  }

  void item_left_out(std::uint32_t row) override {
    for (TracedColumn& column : out_.columns)
      column.left_out = column.left_out || column.row >= row;
    for (TracedRule& rule : out_.rules) rule.left_out = rule.left_out || rule.row >= row;
  }

 private:
  struct Open {
    ColumnIndex index = kNoColumn;
    TracedColumn column;
    std::vector<std::uint32_t> bytes;  // by line, of the value that it is about
    Kind blank = Kind::missing;        // of what was read last
    std::string refused;               // the word of a step that failed
    bool is_wanted = true;
  };

  [[nodiscard]] const PlanColumn& now() const { return plan_.columns[open_.back().index]; }

  /// The columns of the mapping by those of the plan.
  void find_written(const std::vector<Column>& columns, const PlanColumn* each) {
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
      const PlanColumn& made = plan_.columns[i];
      const bool is_here = each == nullptr ? !made.in_each
                                           : std::find(each->children.begin(), each->children.end(),
                                                       i) != each->children.end();
      if (!is_here) continue;
      // A column of an `each` is called after it too: "Huespedes[*].edad".
      const std::size_t before = each == nullptr ? 0 : each->name.size() + kBetweenNames;
      const auto said = std::find_if(columns.begin(), columns.end(), [&](const Column& one) {
        return std::string_view(made.name).substr(before) == one.name.text;
      });
      written_[i] = said == columns.end() ? &kNone : &*said;
      if (made.from == From::each && said != columns.end()) find_written(said->columns, &made);
    }
  }

  [[nodiscard]] TracedValue value_of(const Value& value) const {
    return value_of(value, !open_.empty() && hides_[open_.back().index]);
  }
  static TracedValue value_of(const Value& value, bool hides) {
    if (value.is_blank()) return {.form = Form::blank, .blank = value.kind()};
    if (hides) return {.form = Form::hidden};
    if (value.kind() == Kind::json) {
      const std::string text = on_one_line(value.text(), kCellBytes);
      return {.form = Form::plain, .text = shortened(text, kCellBytes / 2)};
    }
    const bool text = value.kind() == Kind::text && value.origin() == Origin::text;
    return {.form = text ? Form::quoted : Form::plain,
            .text = shortened(plain(value), kCellBytes / 2)};
  }

  [[nodiscard]] std::string shown_name() const { return options_.input; }

  [[nodiscard]] std::string place_in_input(std::uint32_t byte) const {
    if (byte == kNoByte) return {};
    DataPlaces places({frame_->data, frame_->size}, {frame_->line, frame_->column});
    const DataPlace at = places.of(byte);
    return shown_name() + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
  }
  /// As messages name places of the mapping and its tables.
  [[nodiscard]] std::string place_of(const Span& span) const {
    const std::string& file = loaded_.files.files[span.file].name;
    return file.substr(file.find_last_of('/') + 1) + ':' + std::to_string(span.line) + ':' +
           std::to_string(span.column);
  }

  /// A path, with what it serves where it does not lead to the value of the column itself.
  [[nodiscard]] std::string label_of(PathIndex path) const {
    const std::string& text = plan_.paths[path].text;
    const PlanColumn& column = now();
    if (std::find(column.paths.begin(), column.paths.end(), path) != column.paths.end())
      return text;
    if (column.money) {
      const PlanMoney& money = *column.money;
      if (path == money.currency_field.path) return "currency: " + text;
      if (path == money.minor_units_field.path) return "minor_units: " + text;
      if (path == money.convert_field.path) return "convert_to: " + text;
    }
    for (const int zone : column.dynamic_zones)
      if (plan_.zones[static_cast<std::size_t>(zone)].field.path == path) return "zone: " + text;
    return text;
  }

  /// The word of the mapping that a step is: "text: trim", "read", "lookup".
  [[nodiscard]] std::string label_of(const PlanStep& step) const {
    if (step.spec->family == StepFamily::text) return "text: " + std::string(step.spec->word);
    const Column& said = *written_[open_.back().index];
    if (step.place < plan_.places.size()) {
      const Span& at = plan_.places[step.place];
      for (const Text& word : said.words) {
        const Span& is = word.span;
        if (is.file != at.file || is.line != at.line || is.column != at.column) continue;
        return word.text == "type" ? "type: " + said.type.text : word.text;
      }
    }
    return said.type.stated() && step.spec->family == StepFamily::type
               ? "type: " + said.type.text
               : std::string(step.spec->word.substr(0, step.spec->word.find(' ')));
  }

  void add(TraceLine line, std::uint32_t byte = kNoByte) {
    Open& open = open_.back();
    std::vector<TraceLine>& lines = open.column.lines;
    // Two steps of one word, of which the second found nothing to do.
    const bool again = line.kind == LineKind::step && !lines.empty() &&
                       lines.back().kind == LineKind::step && lines.back().label == line.label &&
                       lines.back().value == line.value &&
                       line.label.find(':') != std::string::npos && !line.label.starts_with("text");
    if (again) return;
    const bool must = line.kind == LineKind::error || line.kind == LineKind::written;
    if (lines.size() >= kTracedLines && !must) {
      ++open.column.more_lines;
      return;
    }
    // What was done with one of several values stands behind it.
    auto at = static_cast<std::ptrdiff_t>(lines.size());
    if (line.kind == LineKind::step && byte != kNoByte) {
      const auto last = std::find(open.bytes.rbegin(), open.bytes.rend(), byte);
      if (last != open.bytes.rend()) at = open.bytes.rend() - last;
    }
    lines.insert(lines.begin() + at, std::move(line));
    open.bytes.insert(open.bytes.begin() + at, byte);
  }

  [[nodiscard]] std::vector<TraceLine::Operand> operands_of(const Judged& judged,
                                                            bool hides) const {
    using Operand = ExpressionProgram::Operand;
    std::vector<TraceLine::Operand> all;
    const std::vector<Operand>& operands = judged.expression.program.operands;
    for (std::size_t i = 0; i < judged.operands.size(); ++i) {
      const std::string name =
          i < judged.expression.names.size() ? judged.expression.names[i] : std::string("today");
      const auto same = [&name](const TraceLine::Operand& one) { return one.name == name; };
      if (std::any_of(all.begin(), all.end(), same)) continue;
      const bool hidden = operands[i].from == Operand::From::column
                              ? hides || plan_.columns[operands[i].index].personal
                              : hides && operands[i].from == Operand::From::source;
      TracedValue value = value_of(judged.operands[i], hidden);
      if (operands[i].from == Operand::From::column && value.form == Form::plain) {
        const PlanColumn& column = plan_.columns[operands[i].index];
        value.text.clear();
        append_plain(value.text, judged.operands[i], column.format);
      }
      all.push_back({name, std::move(value)});
    }
    return all;
  }

  void expression_of_column(const Judged& judged, int index) {
    const bool hides = hides_[open_.back().index];
    const Column& said = *written_[open_.back().index];
    TraceLine line{.operands = operands_of(judged, hides)};
    if (now().from == From::compute) {
      line.kind = LineKind::computed;
      line.label = "compute: " + said.compute.text;
      const bool has_value =
          judged.tried && judged.outcome->error == Reason::none && judged.outcome->wide == nullptr;
      if (has_value) line.value = value_of(judged.outcome->value);
    } else {
      line.kind = LineKind::condition;
      for (std::size_t i = 0; i < now().choices.size() && i < said.choose.size(); ++i)
        if (now().choices[i].condition == index) line.label = "when: " + said.choose[i].when.text;
      if (judged.tried && judged.outcome->error == Reason::none)
        line.value = value_of(judged.outcome->value);
    }
    add(std::move(line));
  }

  TraceLine rate_line(const Amount& amount, const RateTable::Line& rate, bool hides) const {
    TraceLine line{.kind = LineKind::rate, .table = now().money->rates_name};
    if (hides) return line;
    std::vector<Phrase> values = {rate.from, plain(Value::decimal(rate.rate)), rate.to};
    if (!amount.any_day) values.emplace_back(plain(Value::date(rate.day)));
    line.detail = say(options_.language, Phrase(amount.any_day ? PhraseCode::trace_rate_any_day
                                                               : PhraseCode::trace_rate_of_day,
                                                std::move(values)));
    const auto at =
        table_lines_.rates.find({amount.rates, rate.from + ' ' + rate.to, rate.day.days});
    if (at != table_lines_.rates.end()) line.at = place_of(at->second);
    return line;
  }

  /// The choice of `choose` that was taken.
  void add_choice(const PlanColumn& column, const Value& value) {
    const auto choice =
        std::find_if(column.choices.begin(), column.choices.end(),
                     [this](const PlanChoice& one) { return taken.contains(&one); });
    if (choice == column.choices.end() || choice->give == PlanChoice::Give::path) return;
    const char* const word = choice->condition < 0 ? "otherwise" : "write";
    if (choice->give == PlanChoice::Give::column)
      add({.kind = LineKind::column,
           .label = word,
           .value = value_of(value),
           .detail = plan_.columns[choice->column].name});
    else
      add({.kind = LineKind::given, .label = word, .value = value_of(choice->constant)});
  }

  /// The column that the value is from (`rate_of` and the like), in front of what was done with it.
  void add_column(const PlanColumn& column, const End& end) {
    const char* const word = column.from == From::rate_of       ? "rate_of"
                             : column.from == From::rate_day_of ? "rate_day_of"
                             : column.from == From::currency_of ? "currency_of"
                                                                : nullptr;
    if (word == nullptr) return;
    TraceLine line{
        .kind = LineKind::column, .label = word, .detail = plan_.columns[column.of].name};
    std::vector<TraceLine>& lines = open_.back().column.lines;
    if (lines.empty() && !end.failed) line.value = value_of(end.value);
    lines.insert(lines.begin(), std::move(line));
    open_.back().bytes.insert(open_.back().bytes.begin(), kNoByte);
  }

  /// What was written in the place of a blank, or of what was wrong.
  void add_given(const End& end) {
    const PlanColumn& column = now();
    const Column& said = *written_[open_.back().index];
    if (end.failed) return;
    if (end.wrong) {
      add({.kind = LineKind::given, .label = "when_wrong", .value = value_of(end.value)});
      return;
    }
    if (!end.defaulted) return;
    const Kind blank = open_.back().blank;
    const std::string_view word = blank == Kind::missing ? "when_missing"
                                  : blank == Kind::null  ? "when_null"
                                                         : "when_empty";
    const bool by_kind = said.has(word);
    if (!by_kind && !said.has("when_blank")) return;  // a count of nothing, a list without items
    TraceLine line{.kind = LineKind::given,
                   .label = std::string(by_kind ? word : "when_blank"),
                   .value = value_of(end.value, column.personal)};
    if (!by_kind && column.blank_column != kNoColumn)
      line.detail = plan_.columns[column.blank_column].name;
    add(std::move(line));
  }

  /// How the row has the value, where that looks otherwise.
  void add_written(const PlanColumn& column, const Value& value) {
    const bool in_rows = !column.internal && !column.in_each && column.from != From::each;
    if (!in_rows || value.is_blank()) return;
    const TracedValue shown = value_of(value, column.personal);
    if (shown.form == Form::hidden || value.kind() == Kind::json) return;
    std::string text;
    if (value.kind() == Kind::decimal) {
      ByteBuffer number;
      marks_.write(value.decimal(), number);
      text = number.view();
    } else {
      append_plain(text, value, column.format);
      text = shortened(text, kCellBytes / 2);
    }
    if (text != shown.text)
      add({.kind = LineKind::written, .value = {.form = Form::plain, .text = std::move(text)}});
  }

  void keep() {
    Open open = std::move(open_.back());
    open_.pop_back();
    if (!open.is_wanted) return;
    const bool has_error = open.column.failed;
    const bool is_shown = open.column.row <= kTracedRows || has_error;
    if (!is_shown || kept_ >= kTracedColumns * (has_error ? 2 : 1)) {
      ++out_.more_columns;
      return;
    }
    ++kept_;
    const bool inside = !open_.empty() && open_.back().is_wanted;
    (inside ? open_.back().column.columns : out_.columns).push_back(std::move(open.column));
  }

  static constexpr std::size_t kBetweenNames = 4;  // "[*]."
  static inline const Column kNone{};
  const LoadedMapping& loaded_;
  const Plan& plan_;
  const TableLines& table_lines_;
  const ReportNames& names_;
  const SummaryNames words_;
  const TraceOptions& options_;
  Trace& out_;
  NumberMarks marks_;
  std::vector<const Column*> written_;
  std::vector<bool> hides_;  // by column: the values on the way to its own
  const Frame* frame_ = nullptr;
  std::vector<Open> open_;
  std::size_t kept_ = 0;
};

/// Reads up to the record and maps it.
class Search {
 public:
  Search(LoadedMapping& loaded, const TableLines& lines, const TraceOptions& options)
      : loaded_(loaded),
        plan_(*loaded.plan),
        options_(options),
        names_(names_of(plan_, loaded.run, run_options(options), "trace")),
        words_(summary_names(plan_, loaded.run)),
        mapper_(plan_, names_, options.now, kMaxRecordBytes),
        tracer_(loaded, lines, names_, options, out_) {
    mapper_.observe(tracer_);
  }

  Result<Trace> go() {
    TRAMA_TRY(const auto source, open());
    while (source->next(result_.split)) {
      if (options_.stop->asked() != 0) break;
      if (duplicates_)
        TRAMA_TRY_VOID(duplicates_->decide(result_.split, mapper_, result_.duplicates));
      for (std::size_t at = 0; at < result_.split.frames.size(); ++at) {
        ++read_;
        if (!is_wanted(result_.split.frames[at])) continue;
        map(at);
        return std::move(out_);
      }
      if (options_.progress)
        options_.progress({read_, source->bytes_read(), source->bytes_in_all()});
    }
    if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
    if (source->trouble()) return shown_failure(*source->trouble(), plan_);
    return not_found();
  }

  Result<void> each(const OpenSource& open, const std::function<bool(const Trace&)>& tell) {
    TRAMA_TRY(const auto source, open());
    while (source->next(result_.split)) {
      for (std::size_t at = 0; at < result_.split.frames.size(); ++at) {
        if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
        out_ = {};
        map(at);
        if (!tell(out_)) return {};
      }
    }
    if (source->trouble()) return shown_failure(*source->trouble(), plan_);
    return {};
  }

 private:
  static RunOptions run_options(const TraceOptions& options) {
    RunOptions run;
    run.inputs = {options.input};
    return run;
  }

  Result<std::unique_ptr<Source>> open() {
    SourceOptions source = DumpTables::options(plan_, loaded_.run.source);
    source.stop = options_.stop;
    if (plan_.duplicates) duplicates_.emplace(*plan_.duplicates, kDuplicatesBytes, *options_.stop);
    const bool two_passes = duplicates_ && duplicates_->two_passes();
    InputFilesOptions how;
    how.twice = two_passes || !source.outside.empty();
    how.stop = options_.stop;
    TRAMA_TRY(auto files, InputFiles::open_all({options_.input}, how));
    if (two_passes) {
      const auto first_look = source_over(files, source);
      const auto make_mapper = [this] {
        return std::make_unique<SplitMapper>(plan_, names_, options_.now, kMaxRecordBytes);
      };
      TRAMA_TRY_VOID(FirstPass::read(*first_look, *duplicates_, 1, make_mapper, false));
    }
    return source_over(std::move(files), std::move(source));
  }

  bool is_wanted(const Frame& frame) {
    if (options_.number > 0) return frame.number == options_.number;
    return frame.kind == FrameKind::record && mapper_.id_of(frame) == options_.id;
  }

  [[nodiscard]] Failure not_found() const {
    const std::string count = grouped(read_);
    Phrase input = shown_input(options_.input);
    if (options_.number > 0)
      return {FailureCode::usage,
              {Phrase(PhraseCode::trace_record_not_found,
                      {count, grouped(options_.number), std::move(input)})}};
    return {FailureCode::usage,
            {Phrase(PhraseCode::trace_id_not_found,
                    {count, shortened(options_.id), std::move(input)})}};
  }

  void map(std::size_t at) {
    const Frame& frame = result_.split.frames[at];
    out_.number = frame.number;
    out_.line = frame.line;
    out_.id = frame.kind == FrameKind::record ? mapper_.shown_id(result_, frame) : std::string();
    out_.has_levels = !plan_.levels.empty();
    tracer_.begin(frame);
    result_.first = at;
    mapper_.map(result_, at + 1);
    const Summary& summary = result_.summary;
    out_.items_left_out = summary.items_left_out;
    out_.state = summary.written > 0    ? Trace::State::written
                 : summary.rejected > 0 ? Trace::State::rejected
                 : summary.skipped > 0  ? Trace::State::skipped
                                        : Trace::State::duplicate;
    if (out_.state == Trace::State::duplicate) out_.why = loaded_.run.terms.duplicates;
    if (!summary.shown.empty()) {
      for (const ShownReject::Error& error : summary.shown.front().errors)
        out_.errors.push_back(words_of(error, words_, options_.language, options_.input));
      out_.more_errors = summary.shown.front().more_errors;
    }
    for (const Summary::Warning& warning : summary.warning_kinds) {
      const std::string count =
          warning.tally.count > 1 ? " × " + grouped(warning.tally.count) : std::string();
      out_.warnings.push_back(words_of(warning, words_, options_.language, count));
    }
    take_rows(summary.rows);
  }

  void take_rows(std::uint64_t rows) {
    const bool has_rest = plan_.rest_of_record.on;
    std::vector<std::size_t> shown;  // of the cells of a row
    for (std::size_t i = 0; i < plan_.output.columns.size(); ++i) {
      const std::string& name = plan_.output.columns[i].name;
      if (!options_.column.empty() && name != options_.column) continue;
      shown.push_back(i);
      out_.row_columns.push_back(name);
      const auto column = static_cast<ColumnIndex>(plan_.output.columns[i].value);
      out_.row_types.push_back(tracer_.type_of(column));
    }
    if (has_rest && options_.column.empty()) {
      shown.push_back(plan_.output.columns.size());
      out_.row_columns.emplace_back("output: rest");
      out_.row_types.emplace_back("json");
    }
    std::string_view bytes = result_.rows.bytes;
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(rows, kTracedRows));
    for (std::size_t row = 0; row < taken && !shown.empty(); ++row) {
      std::vector<Cell> cells;
      for (const OutputColumn& column : plan_.output.columns) {
        cells.push_back(next_cell(bytes));
        if (cells.back().kind == Kind::text && plan_.columns[column.value].personal)
          cells.back().text = kHidden;
      }
      cells.push_back(next_cell(bytes));
      // of a personal place it holds nothing that a column does not, and nobody looks
      if (!plan_.personal.empty() && !cells.back().text.empty()) cells.back().text = kHidden;
      std::vector<Cell>& kept = out_.rows.emplace_back();
      for (const std::size_t i : shown) kept.push_back(std::move(cells[i]));
    }
    out_.more_rows = rows - taken;
  }

  LoadedMapping& loaded_;
  const Plan& plan_;
  const TraceOptions& options_;
  const ReportNames names_;
  const SummaryNames words_;
  SplitMapper mapper_;
  Trace out_;
  Tracer tracer_;
  std::optional<Duplicates> duplicates_;
  SplitResult result_;
  std::uint64_t read_ = 0;
};

/// Whether the column is there.
Result<void> check_column(const LoadedMapping& loaded, const std::string& name) {
  std::vector<std::string_view> known;
  for (const PlanColumn& column : loaded.plan->columns) {
    if (column.name == name) return {};
    known.push_back(column.name);
  }
  std::vector<Phrase> told{Phrase(PhraseCode::cli_no_column, {loaded.run.path, name})};
  const std::string_view near = nearest(name, known);
  if (!near.empty()) told.insert(told.end(), {"; ", Phrase(PhraseCode::did_you_mean, {near})});
  return Failure{FailureCode::usage, {Phrase::several(std::move(told))}};
}

}  // namespace

Result<Trace> trace(LoadedMapping& loaded, const TableLines& lines, const TraceOptions& options) {
  if (!options.column.empty()) TRAMA_TRY_VOID(check_column(loaded, options.column));
  if (options.number == 0 && loaded.plan->id == kNoPath)
    return Failure{FailureCode::usage, {Phrase(PhraseCode::trace_no_id, {loaded.run.path})}};
  const WritesCells cells(*loaded.plan, CellTexts::with_rest);
  return Search(loaded, lines, options).go();
}

Result<void> trace_each(LoadedMapping& loaded, const TableLines& lines, const TraceOptions& options,
                        const OpenSource& open, const std::function<bool(const Trace&)>& tell) {
  const WritesCells cells(*loaded.plan, CellTexts::with_rest);
  return Search(loaded, lines, options).each(open, tell);
}

}  // namespace trama
