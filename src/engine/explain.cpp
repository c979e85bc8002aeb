#include "engine/explain.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "engine/explain_steps.h"
#include "plan/output_type.h"
#include "report/report_line.h"
#include "report/shown_text.h"
#include "sink/format.h"
#include "step/specs.h"

namespace trama {
namespace {

using Code = PhraseCode;
using From = PlanColumn::From;
using Item = Explanation::Item;
using Part = Explanation::Part;

// --- columns

class ColumnTeller {
 public:
  ColumnTeller(const Teller& tell, const Column& column, const PlanColumn& made)
      : tell_(tell), column_(column), made_(made) {}

  Item item() {
    Item out;
    out.name = column_.name.text;
    out.column = made_.name;
    out.kind = column_.type.stated()      ? column_.type.text
               : made_.from == From::each ? std::string()
                                          : std::string(kind_name(made_.format.kind));
    out.about = trim(column_.about.text);
    source(out);
    out.source = sentences_.size();
    nulls();
    steps(made_.parts);
    steps(made_.steps);
    money();
    steps(made_.finish);
    steps(made_.checks);
    wrong();
    blanks();
    format();
    rest();
    out.sentences = std::move(sentences_);
    return out;
  }

 private:
  void add(Code code, std::vector<Phrase> values = {}) {
    sentences_.push_back(tell_(code, std::move(values)));
  }
  [[nodiscard]] std::string name_of(ColumnIndex index) const {
    return own(tell_.plan.columns[index].name);
  }

  /// `split` without `take`: what becomes of all parts.
  void parts() {
    add(Code::explain_from, {tell_.paths(column_.from.empty() ? column_.first_of : column_.from)});
    add(Code::explain_split_all, {own(made_.split_by)});
    if (made_.total != PlanColumn::Total::none)
      total(Phrase(tell_(Code::explain_parts)));
    else if (made_.takes_json)
      add(Code::explain_parts_listed);
    else
      add(Code::explain_parts_joined, {or_nothing(tell_, column_.join.text)});
  }

  void source(Item& out) {
    if (!made_.split_by.empty()) return parts();
    if (made_.total != PlanColumn::Total::none) return total();
    switch (made_.from) {
      case From::path:
        if (column_.from.size() == 1 && column_.from.front().pick)
          picked(column_.from.front());
        else
          add(Code::explain_from, {tell_.paths(column_.from)});
        break;
      case From::paths:
        if (made_.takes_json)
          add(Code::explain_list_of, {tell_.paths(column_.from)});
        else if (column_.join.stated())
          add(Code::explain_joined,
              {tell_.paths(column_.from), or_nothing(tell_, column_.join.text)});
        else
          add(Code::explain_from, {tell_.paths(column_.from)});
        break;
      case From::first_of:
        add(Code::explain_first_of, {tell_.paths(column_.first_of)});
        break;
      case From::constant:
        add(Code::explain_value, {own(column_.value.text)});
        break;
      case From::compute:
        add(Code::explain_compute, {own(column_.compute.text)});
        break;
      case From::choose:
        add(Code::explain_choose);
        choices(out);
        break;
      case From::rate_of:
        add(Code::explain_rate_of, {name_of(made_.of)});
        break;
      case From::rate_day_of:
        add(Code::explain_rate_day_of, {name_of(made_.of)});
        break;
      case From::currency_of:
        add(Code::explain_currency_of, {name_of(made_.of)});
        break;
      case From::composite:
        add(Code::explain_composite, {tell_.paths(column_.by)});
        break;
      case From::each:
        each(out);
        break;
      case From::total_of:
        total();
        break;
    }
  }

  void picked(const Path& path) {
    const Pick& pick = *path.pick;
    const std::string take = pick.take.stated() ? own(pick.take.text) : own("$value");
    const bool simple = pick.where.size() == 1 && !pick.where.front().is.empty();
    if (simple) {
      const Condition& where = pick.where.front();
      add(Code::explain_from_item,
          {own(path.text), own(where.where.text), tell_.texts(where.is, Code::list_or), take});
      if (pick.preferred && where.is.size() > 1) add(Code::explain_prefers);
    } else {
      add(Code::explain_from_picked, {own(path.text), take});
      conditions(pick.where);
    }
    if (pick.highest.stated()) add(Code::explain_highest, {own(pick.highest.text)});
    if (pick.lowest.stated()) add(Code::explain_lowest, {own(pick.lowest.text)});
  }

  void conditions(const std::vector<Condition>& all) {
    for (const Condition& one : all) {
      if (one.is_from.stated())
        add(Code::explain_only_items_like, {own(one.where.text), own(one.is_from.text)});
      else
        add(Code::explain_only_items, {own(one.where.text), tell_.texts(one.is, Code::list_or)});
    }
  }

  void total() {
    total(made_.from == From::total_of ? Phrase(own(column_.total_column.text))
                                       : Phrase(tell_.paths(column_.from)));
  }

  void total(const Phrase& of) {
    switch (made_.total) {
      case PlanColumn::Total::none:
        break;
      case PlanColumn::Total::sum:
        add(Code::explain_sum, {of});
        break;
      case PlanColumn::Total::count:
        add(Code::explain_count, {of});
        break;
      case PlanColumn::Total::min:
        add(Code::explain_min, {of});
        break;
      case PlanColumn::Total::max:
        add(Code::explain_max, {of});
        break;
      case PlanColumn::Total::first:
        add(Code::explain_first, {of});
        break;
      case PlanColumn::Total::last:
        add(Code::explain_last, {of});
        break;
      case PlanColumn::Total::only:
        add(Code::explain_only_one, {of});
        break;
      case PlanColumn::Total::same:
        add(Code::explain_all_same, {of});
        break;
    }
  }

  void choices(Item& out) {
    bool otherwise = false;
    for (const Choice& one : column_.choose) {
      const bool always = !one.when.stated();
      otherwise = otherwise || always;
      const Code code = one.column.stated()
                            ? (always ? Code::explain_otherwise_column : Code::explain_when_column)
                        : one.from.stated()
                            ? (always ? Code::explain_otherwise_path : Code::explain_when_path)
                            : (always ? Code::explain_otherwise_value : Code::explain_when_value);
      const std::string given = own(one.column.stated() ? one.column.text
                                    : one.from.stated() ? one.from.text
                                                        : one.constant.text);
      std::vector<Phrase> values;
      if (!always) values.emplace_back(own(one.when.text));
      values.emplace_back(given);
      out.points.push_back(tell_(code, std::move(values)));
    }
    if (!otherwise) out.points.push_back(tell_(Code::explain_otherwise_blank));
  }

  void each(Item& out) {
    add(made_.each_entries ? Code::explain_each_entry : Code::explain_each,
        {own(column_.each.text)});
    conditions(column_.where);
    for (const ColumnIndex child : made_.children) {
      const PlanColumn& made = tell_.plan.columns[child];
      const auto said =
          std::find_if(column_.columns.begin(), column_.columns.end(), [&](const Column& one) {
            return made.name.size() == made_.name.size() + kBetweenNames + one.name.text.size() &&
                   made.name.ends_with(one.name.text);
          });
      if (said != column_.columns.end())
        out.items.push_back(ColumnTeller(tell_, *said, made).item());
    }
  }

  void nulls() {
    if (!column_.null_words.empty())
      add(Code::explain_null_words, {tell_.texts(column_.null_words, Code::list_or)});
  }

  void steps(const std::vector<PlanStep>& all) {
    for (const PlanStep& step : all) {
      tell_step(tell_, column_, made_, step, sentences_);
      can_fail_ = can_fail_ || (!step.spec->errors.empty() && step.spec != &kLookup);
    }
  }

  void money() {
    if (!made_.money) return;
    const PlanMoney& money = *made_.money;
    const FromOr& currency = column_.currency;
    if (money.in_amount)
      add(Code::explain_money_in_amount);
    else if (money.currency_field.stated())
      add(Code::explain_money_from, {own(currency.from.text)});
    else if (!money.currency.empty())
      add(Code::explain_money, {own(money.currency)});
    if (!money.currency_field.when_blank.empty())
      add(Code::explain_money_default, {own(money.currency_field.when_blank)});
    if (money.minor_units_field.stated())
      add(Code::explain_minor_units_from, {own(column_.minor_units_from.from.text)});
    else if (money.minor_units)
      add(Code::explain_minor_units);
    if (column_.times.stated()) add(Code::explain_times, {own(column_.times.text)});
    if (money.converts()) {
      const std::string target =
          own(money.convert_to.empty() ? column_.convert_to.from.text : money.convert_to);
      if (money.rate_date == kNoColumn)
        add(Code::explain_converted, {target, own(money.rates_name)});
      else
        add(Code::explain_converted_on, {target, own(money.rates_name), name_of(money.rate_date)});
    }
    if (money.by_currency) {
      if (column_.rounding.stated())
        add(Code::explain_by_currency_how, {own(column_.rounding.text)});
      else
        add(Code::explain_by_currency);
    } else {
      tell_rounding(tell_, money.decimals, money.rounding, column_.rounding, sentences_);
    }
    can_fail_ = true;
  }

  void wrong() {
    if (!can_fail_) return;
    switch (made_.when_wrong.kind) {
      case PlanAction::Kind::reject:
        add(Code::explain_wrong_reject);
        break;
      case PlanAction::Kind::write_blank:
        add(Code::explain_wrong_blank);
        break;
      case PlanAction::Kind::write_original:
        add(Code::explain_wrong_original);
        break;
      case PlanAction::Kind::stop:
        add(Code::explain_wrong_stop);
        break;
      case PlanAction::Kind::write:
        add(Code::explain_wrong_write, {own(column_.when_wrong.write.text)});
        break;
    }
  }

  void blanks() {
    const std::pair<const Text*, Code> defaults[] = {
        {&column_.when_blank, Code::explain_default},
        {&column_.when_missing, Code::explain_default_missing},
        {&column_.when_null, Code::explain_default_null},
        {&column_.when_empty, Code::explain_default_empty}};
    const bool has_default = made_.blank_column != kNoColumn || column_.when_blank_from.stated() ||
                             std::any_of(std::begin(defaults), std::end(defaults),
                                         [](const auto& one) { return one.first->stated(); });
    if (made_.required)
      add(Code::explain_required);
    else if (!has_default && may_be_blank(made_))
      add(Code::explain_may_be_blank);
    for (const auto& [text, code] : defaults)
      if (text->stated()) add(code, {own(text->text)});
    if (made_.blank_column != kNoColumn)
      add(Code::explain_default_column, {name_of(made_.blank_column)});
    if (column_.when_blank_from.stated())
      add(Code::explain_default_path, {own(column_.when_blank_from.text)});
  }

  void format() {
    if (column_.write_words.size() == 2)
      add(Code::explain_written_words,
          {own(column_.write_words[0].text), own(column_.write_words[1].text)});
    else if (column_.write.stated())
      add(Code::explain_written_as, {own(column_.write.text)});
    if (column_.blank_as.stated()) add(Code::explain_blank_as, {own(column_.blank_as.text)});
    if (made_.extra_rows == ExtraRows::leave_blank) add(Code::explain_extra_rows_blank);
    if (made_.extra_rows == ExtraRows::share) add(Code::explain_extra_rows_share);
  }

  void rest() {
    if (made_.internal) add(Code::explain_internal);
    if (made_.personal) add(Code::explain_personal);
    if (made_.optional) add(Code::explain_optional);
    if (!made_.message.empty()) add(Code::explain_message, {made_.message});
  }

  static constexpr std::size_t kBetweenNames = 4;  // "Huespedes[*].edad"

  const Teller& tell_;
  const Column& column_;
  const PlanColumn& made_;
  std::vector<std::string> sentences_;
  bool can_fail_ = false;
};

// --- sections

class Explainer {
 public:
  Explainer(const LoadedMapping& loaded, Language language)
      : tell_(loaded, language), mapping_(loaded.mapping), plan_(*loaded.plan) {}

  Explanation all() {
    out_.language = tell_.language;
    out_.title = tell_(Code::explain_title, {mapping_.name.text, mapping_.version.text});
    out_.about = trim(mapping_.about.text);
    begin(Part::input, Code::explain_input);
    input();
    begin(Part::records, Code::explain_records);
    records();
    begin(Part::columns, Code::explain_columns);
    columns();
    if (!mapping_.rules.empty()) {
      begin(Part::rules, Code::explain_rules);
      rules();
    }
    begin(Part::limits, Code::explain_limits);
    limits();
    begin(Part::output, Code::explain_output);
    output();
    return std::move(out_);
  }

 private:
  void begin(Part part, Code title) { out_.sections.push_back({part, tell_(title)}); }
  void add(Code code, std::vector<Phrase> values = {}) {
    out_.sections.back().sentences.push_back(tell_(code, std::move(values)));
  }
  void point(Code code, std::vector<Phrase> values) {
    out_.sections.back().points.push_back(tell_(code, std::move(values)));
  }

  void input() {
    const Mapping::Input& in = mapping_.input;
    const bool entries =
        !in.records.steps.empty() && in.records.steps.back().kind == Path::StepKind::entries;
    if (in.format.view() == "ndjson")
      add(Code::explain_ndjson);
    else if (in.records.stated())
      add(entries ? Code::explain_json_entries : Code::explain_json_at, {own(in.records.text)});
    else
      add(in.format.view() == "json" ? Code::explain_json : Code::explain_automatic);
    if (in.id.stated()) add(Code::explain_id, {own(in.id.text)});
    if (!in.as_list.empty()) add(Code::explain_as_list, {tell_.paths(in.as_list)});
    if (!in.json_in_text.empty()) add(Code::explain_json_in_text, {tell_.paths(in.json_in_text)});
    if (!in.null_words.empty())
      add(Code::explain_null_words, {tell_.texts(in.null_words, Code::list_or)});
    if (in.error_body.stated()) add(Code::explain_error_body, {own(in.error_body.text)});
    if (plan_.unused_fields == UnusedFields::warn) add(Code::explain_new_fields_warn);
    if (plan_.unused_fields == UnusedFields::reject) add(Code::explain_new_fields_reject);
    if (in.expect_at_least.stated())
      add(Code::explain_expect_at_least, {grouped(plan_.expect_at_least)});
    if (plan_.expect_count) add(Code::explain_expect_count, {grouped(*plan_.expect_count)});
    if (in.expect_count_from.stated())
      add(Code::explain_expect_count_from, {own(in.expect_count_from.text)});
  }

  void records() {
    if (mapping_.only.when.stated())
      add(plan_.only_rejects ? Code::explain_only_reject : Code::explain_only_skip,
          {own(mapping_.only.when.text)});
    if (mapping_.rows.empty() && !mapping_.only.when.stated() && !plan_.duplicates)
      add(Code::explain_every_record);
    for (std::size_t i = 0; i < mapping_.rows.size() && i < plan_.levels.size(); ++i)
      level(mapping_.rows[i], plan_.levels[i]);
    if (plan_.duplicates) duplicates();
    if (plan_.identity) identity();
  }

  void identity() {
    const Mapping::Identity& said = mapping_.identity;
    add(Code::explain_identity, {tell_.paths(said.key)});
    if (said.newer_by.stated()) add(Code::explain_newer_by, {own(said.newer_by.text)});
    if (said.full_dump.on) add(Code::explain_full_dump);
    if (plan_.identity->leave_out_unchanged) add(Code::explain_leave_out_unchanged);
  }

  void level(const RowLevel& said, const PlanLevel& made) {
    for (std::size_t i = 0; i < said.one_per.size() && i < made.lists.size(); ++i) {
      const RowItems& one = said.one_per[i];
      using ListKind = PlanLevel::List::Kind;
      switch (made.lists[i].kind) {
        case ListKind::items:
          add(Code::explain_row_per_item, {own(one.path.text)});
          break;
        case ListKind::entries:
          add(Code::explain_row_per_entry, {own(one.path.text)});
          break;
        case ListKind::parts:
          add(Code::explain_row_per_part, {own(one.path.text), own(one.by.text)});
          break;
        case ListKind::days:
          add(Code::explain_row_per_night, {own(one.path.text), own(one.until.text)});
          break;
      }
    }
    for (const Condition& one : said.where) {
      if (one.is_from.stated())
        add(Code::explain_only_items_like, {own(one.where.text), own(one.is_from.text)});
      else
        add(Code::explain_only_items, {own(one.where.text), tell_.texts(one.is, Code::list_or)});
    }
    using Without = PlanLevel::WithoutItems;
    add(made.when_empty == Without::one_row ? Code::explain_empty_one_row
        : made.when_empty == Without::skip  ? Code::explain_empty_skip
                                            : Code::explain_empty_reject);
    if (made.when_missing != made.when_empty)
      add(made.when_missing == Without::one_row ? Code::explain_no_list_one_row
          : made.when_missing == Without::skip  ? Code::explain_no_list_skip
                                                : Code::explain_no_list_reject);
    if (made.skip_bad_items) add(Code::explain_bad_item_skip);
  }

  void duplicates() {
    using Keep = PlanDuplicates::Keep;
    const PlanDuplicates& made = *plan_.duplicates;
    add(Code::explain_same, {tell_.paths(mapping_.duplicates.same)});
    const std::string by = own(mapping_.duplicates.keep_path.text);
    std::string kept;
    switch (made.keep) {
      case Keep::first:
        kept = tell_(Code::explain_keep_first);
        break;
      case Keep::last:
        kept = tell_(Code::explain_keep_last);
        break;
      case Keep::highest:
        kept = tell_(Code::explain_keep_highest, {by});
        break;
      case Keep::lowest:
        kept = tell_(Code::explain_keep_lowest, {by});
        break;
      case Keep::none:
        kept = tell_(Code::explain_keep_none);
        break;
    }
    add(made.reject_others ? Code::explain_others_reject : Code::explain_others_report,
        {std::move(kept)});
  }

  void columns() {
    for (const PlanColumn& made : plan_.columns) {
      if (made.in_each) continue;
      const auto said =
          std::find_if(mapping_.columns.begin(), mapping_.columns.end(),
                       [&made](const Column& one) { return one.name.text == made.name; });
      if (said != mapping_.columns.end())
        out_.sections.back().items.push_back(ColumnTeller(tell_, *said, made).item());
    }
  }

  void rules() {
    for (std::size_t i = 0; i < plan_.rules.size() && i < mapping_.rules.size(); ++i) {
      const PlanRule& made = plan_.rules[i];
      Item item;
      item.name = made.name;
      item.sentences.push_back(tell_(Code::explain_rule, {own(mapping_.rules[i].check.text)}));
      item.sentences.push_back(tell_(made.level == RuleLevel::reject ? Code::explain_rule_reject
                                     : made.level == RuleLevel::warn ? Code::explain_rule_warn
                                                                     : Code::explain_rule_stop));
      if (!made.message.empty())
        item.sentences.push_back(tell_(Code::explain_says, {made.message}));
      out_.sections.back().items.push_back(std::move(item));
    }
  }

  void limit(const PlanLimit& limit, Code share, Code count) {
    if (!limit.stated) return;
    point(limit.percent ? share : count, {own(limit.text)});
  }

  void limits() {
    std::vector<std::string>& points = out_.sections.back().points;
    limit(plan_.rejected_at_most, Code::explain_rejected_at_most, Code::explain_rejected_count);
    limit(plan_.warnings_at_most, Code::explain_warnings_at_most, Code::explain_warnings_count);
    for (const PlanBlankLimit& one : plan_.blank_at_most)
      point(one.at_most.percent ? Code::explain_blank_at_most : Code::explain_blank_count,
            {own(plan_.columns[one.column].name), own(one.at_most.text)});
    if (mapping_.identity.full_dump.on)
      limit(plan_.deleted_at_most, Code::explain_deleted_at_most, Code::explain_deleted_count);
    if (plan_.never_found == NeverFound::stop) point(Code::explain_never_found_stop, {});
    if (points.empty()) add(Code::explain_no_limits);
    if (plan_.warn_above.stated) add(Code::explain_warn_above, {own(plan_.warn_above.text)});
    if (plan_.publish_always && !points.empty()) add(Code::explain_publish_always);
  }

  void output() {
    const Mapping::Output& said = mapping_.output;
    add(Code::explain_format, {own(plan_.format->name)});
    if (said.table.name.stated()) add(Code::explain_table, {own(said.table.name.text)});
    if (!plan_.output.table.create) add(Code::explain_table_never);
    if (plan_.output.table.gone_is_deleted) add(Code::explain_gone_deleted);
    if (said.separator.stated())
      add(Code::explain_separator, {plan_.output.separator == "\t" ? tell_(Code::explain_tab)
                                                                   : own(plan_.output.separator)});
    if (said.decimal_mark.stated()) add(Code::explain_decimal_mark, {own(said.decimal_mark.text)});
    if (said.thousands_mark.stated())
      add(Code::explain_thousands_mark, {own(said.thousands_mark.text)});
    if (!plan_.output.header) add(Code::explain_no_header);
    if (plan_.output.for_excel) add(Code::explain_for_excel);
    if (!said.audit_columns.empty()) add(Code::explain_audit, {tell_.texts(said.audit_columns)});
    if (plan_.rest_of_record.on) add(Code::explain_rest);
    if (said.schema.stated()) add(Code::explain_schema, {own(said.schema.text)});
    if (said.blank_rows.view() == "keep") add(Code::explain_blank_rows_keep);
    if (said.blank_as.stated()) add(Code::explain_blank_as, {own(said.blank_as.text)});
  }

  const Teller tell_;
  const Mapping& mapping_;
  const Plan& plan_;
  Explanation out_;
};

}  // namespace

Explanation explain(const LoadedMapping& loaded, Language language) {
  return Explainer(loaded, language).all();
}

}  // namespace trama
