// `lookup` of a column: its table, the day that it is asked for, and the keys that can never be found.

#include <algorithm>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "plan/compiler.h"
#include "step/unicode.h"

namespace trama {

void Compiler::lookup(ColumnIndex index) {
  const Column& column = written(index);
  if (!column.lookup_table.stated() && column.lookup.empty()) return;
  auto args = std::make_shared<LookupArgs>();
  args->ignore_case = column.ignore_case.on;
  CompiledTable* table = nullptr;
  if (column.lookup_table.stated()) {
    table = find_table(column.lookup_table, false);
    args->table_name = column.lookup_table.text;
  } else {
    own_tables_.emplace_back();
    table = &own_tables_.back();
    for (const Pair& pair : column.lookup)
      table->entries.push_back({{pair.key.text}, pair.value.text, pair.key.span});
    check_entries(*table);
    args->table_name = "the lookup of " + column.name.text;
  }
  if (table == nullptr || !table->right || (!table->exact && !table->in_dump && !table->dated))
    return;
  day_of_lookup(index, *table);
  const std::size_t parts = column.by.empty() ? 1 : column.by.size();
  if (table->key_parts != parts)
    error(DiagnosticCode::table_key_parts, column.lookup_span,
          {column.lookup_table.stated() ? Phrase(args->table_name)
                                        : Phrase(PhraseCode::the_lookup_of, {column.name.text}),
           std::to_string(table->key_parts), std::to_string(parts)});
  if (table->right) unreachable_entries(index, *table);
  switch (column.unknown.kind) {
    case Action::Kind::keep:
      if (parts > 1)
        error(DiagnosticCode::words_together, column.unknown.span,
              {"unknown: keep", "by", PhraseCode::a_key_of_several_has_no_text});
      args->unknown = LookupArgs::Unknown::keep;
      break;
    case Action::Kind::write_blank:
      args->unknown = LookupArgs::Unknown::write_blank;
      break;
    case Action::Kind::write:
      args->unknown = LookupArgs::Unknown::write;
      if (!made(index).joined && !made(index).takes_json)
        constant(index, column.unknown.write, args->write);
      else if (const Value text = keep(column.unknown.write.text); !text.text().empty())
        args->write = text;  // a part of what 'join' or a list makes of them
      break;
    default:
      args->unknown = LookupArgs::Unknown::reject;
  }
  args->warn = column.unknown.warn;
  PlanStep made_step = lookup_step(args, *table, place(column.key_span("lookup")));
  if (args->table) plan_->known_keys[args->table_name] = args->table->known(kShownTableKeys);
  // Of several values each goes through the table, before they are joined or totalled (rule 5.15).
  PlanColumn& made_column = made(index);
  const bool each =
      made_column.joined || made_column.takes_json || made_column.total != PlanColumn::Total::none;
  (each ? made_column.parts : made_column.steps).push_back(std::move(made_step));
}

/// `on`: the day for which a table with lines by day is asked.
void Compiler::day_of_lookup(ColumnIndex index, const CompiledTable& table) {
  const Column& column = written(index);
  if (!table.dated) {
    if (column.has("on"))
      error(DiagnosticCode::word_no_effect, column.key_span("on"),
            {"on", PhraseCode::on_a_table_without_days, PhraseCode::tables_by_day_have});
    return;
  }
  if (!column.on.stated()) {
    if (!column.has("on"))
      error(DiagnosticCode::key_missing, column.lookup_span,
            {"'lookup'", "on", PhraseCode::name_the_date_column_of_the_day});
    return;
  }
  ColumnIndex& day = made(index).lookup_on;
  if (!find_name(column.on, day)) return;
  const Kind kind = plan_->columns[day].format.kind;
  if (typed_[day] && kind != Kind::date && kind != Kind::datetime)
    error(DiagnosticCode::choice_type, column.on.span,
          {column.on.text, words_of(kind), words_of(Kind::date)});
}

/// One key that can never be found. Told for the first few of a table.
void Compiler::unreachable(std::span<const std::string> key, const Span& span, Phrase why,
                           PhraseCode help) {
  std::string shown;
  for (const std::string& part : key) shown += (shown.empty() ? "" : " / ") + part;
  error(DiagnosticCode::table_key_unreachable, span, {shown, std::move(why), help});
}

/// Keys that no value can equal once it went through `steps`, which change nothing the second time.
void Compiler::unreachable_by_steps(const CompiledTable& table, std::span<const PlanStep> steps,
                                    const std::string& words, bool ignore_case) {
  if (steps.empty()) return;
  Arena arena;
  StepContext context{
      .arena = arena, .zones = {}, .a = {}, .b = {}, .warning_a = {}, .warning_b = {}};
  int told = 0;
  each_entry(table, [&](std::span<const std::string> key, std::string_view, const Span& span) {
    arena.reset();
    for (const std::string& part : key) {
      Value value = Value::text(part);
      for (const PlanStep& step : steps)
        if (value.kind() == Kind::text && step.fn(step.args.get(), value, context) != Reason::none)
          return false;
      if (value.kind() != Kind::text || value.text() == part) continue;
      if (ignore_case && fold_case(value.text()) == fold_case(part)) continue;
      if (++told > kMostToldKeys) return false;
      unreachable(key, span, Phrase(PhraseCode::after_the_steps, {words, value.text()}),
                  PhraseCode::write_the_key_as_it_is_then);
      break;
    }
    return true;
  });
}

/// Keys that no value of the column can equal.
void Compiler::unreachable_entries(ColumnIndex index, const CompiledTable& table) {
  const Column& column = written(index);
  const std::span<const PlanStep> parts = made(index).parts;
  // Those at the end that change nothing the second time.
  std::size_t count = 0;
  const auto settles = [](const PlanStep& step) {
    return step.spec->settles || step.spec->family == StepFamily::text;
  };
  while (count < parts.size() && settles(parts[parts.size() - count - 1])) ++count;
  std::string words;
  for (const PlanStep& step : parts.last(count))
    words += (words.empty() ? "" : ", ") + std::string(step.spec->word);
  unreachable_by_steps(table, parts.last(count), words, column.ignore_case.on);
  // The other steps could make one of these keys of another text.
  const auto is_split = [](const PlanStep& step) { return step.spec == &kSplit; };
  if (!std::all_of(parts.begin(), parts.end(), is_split)) return;
  const std::string_view by = parts.empty() ? std::string_view(made(index).split_by)
                                            : static_cast<const SplitArgs&>(*parts[0].args).by;
  int told = 0;
  const std::shared_ptr<const WordList> nulls =
      word_list(mapping_.input.null_words, column.null_words);
  if (by.empty() && nulls->empty()) return;
  each_entry(table, [&](std::span<const std::string> whole, std::string_view, const Span& span) {
    const std::string& key = whole.front();
    const bool null_word = by.empty() && whole.size() == 1 && nulls->has(trim(key));
    const bool cut = !by.empty() && key.find(by) != std::string::npos;
    if (!null_word && !cut) return true;
    if (++told > kMostToldKeys) return false;
    unreachable(
        whole, span,
        cut ? Phrase(PhraseCode::split_leaves_none, {by}) : Phrase(PhraseCode::it_is_a_null_word),
        cut ? PhraseCode::write_the_part_that_is_taken : PhraseCode::take_it_out_of_null_words);
    return true;
  });
}

}  // namespace trama
