#include "mapping/read_items.h"

#include <utility>

#include "base/phrase_codes.h"
#include "mapping/read_column.h"

namespace trama {
namespace {

/// The values of a condition: one, several, or {from: path}.
void read_wanted(const YamlNode& node, const Word& word, Condition& out, Diagnostics& diagnostics) {
  if (node.is_map()) {
    const Fields from(node, Section::pick_is, diagnostics);
    from.require("from", node.span, "'" + std::string(word.name) + ": {…}'",
                 PhraseCode::name_the_field_of_the_value);
    from.read("from", out.is_from);
    return;
  }
  if (node.is_list() && node.items.empty())
    report_kind(node, word.name, PhraseCode::a_value_or_a_list_of_values, diagnostics,
                PhraseCode::no_item_would_ever_fit);
  read_value(node, word, out.is, diagnostics);
}

/// `where: languageCode` with `is: [es, en]`.
void read_where_and_is(const Fields& fields, Pick& out) {
  if (fields.has("list"))
    fields.require("is", fields.span(), "'from: {list: …}'", PhraseCode::write_the_value_wanted);
  Condition condition;
  fields.read("where", condition.where);
  if (const YamlNode* is = fields.find("is"))
    read_wanted(*is, fields.word("is"), condition, fields.diagnostics());
  out.where.push_back(std::move(condition));
  out.preferred = true;
}

Path read_pick(const YamlNode& node, Diagnostics& diagnostics) {
  const Fields fields(node, Section::pick, diagnostics);
  auto pick = std::make_shared<Pick>();
  pick->span = node.span;
  Path list;
  fields.require("list", node.span, "'from: {…}'", PhraseCode::name_the_list_or_write_a_path);
  fields.read("list", list);
  fields.refuse_both("highest", "lowest", PhraseCode::one_item_is_taken);
  fields.read("highest", pick->highest);
  fields.read("lowest", pick->lowest);
  fields.read("take", pick->take);
  const YamlNode* where = fields.find("where");
  if (where == nullptr) {
    const bool ranked = fields.has("highest") || fields.has("lowest");
    if (fields.has("list") && (!ranked || fields.has("is")))
      fields.require("where", node.span, "'from: {list: …}'", PhraseCode::name_the_field_compared);
  } else if (where->is_map()) {
    fields.refuse_both("where", "is", PhraseCode::the_values_stand_beside);
    read_conditions(*where, fields.word("where"), pick->where, diagnostics);
  } else {
    read_where_and_is(fields, *pick);
  }
  list.pick = std::move(pick);
  return list;
}

}  // namespace

void read_sources(const Fields& fields, std::string_view word, std::vector<Path>& out) {
  const YamlNode* node = fields.find(word);
  if (node == nullptr) return;
  const auto read_one = [&](const YamlNode& one) {
    Path path;
    if (one.is_map()) {
      path = read_pick(one, fields.diagnostics());
    } else {
      read_value(one, fields.word(word), path, fields.diagnostics());
    }
    if (path.stated()) out.push_back(std::move(path));
  };
  if (!node->is_list()) {
    read_one(*node);
    return;
  }
  for (const YamlNode& item : node->items) read_one(item);
}

void read_conditions(const YamlNode& node, const Word& word, std::vector<Condition>& out,
                     Diagnostics& diagnostics) {
  if (!node.is_map() || node.entries.empty()) {
    report_kind(node, word.name, title(word.form), diagnostics);
    return;
  }
  for (const YamlEntry& entry : node.entries) {
    Condition condition;
    if (!read_value(entry.key, word, condition.where, diagnostics)) continue;
    read_wanted(entry.value, word, condition, diagnostics);
    out.push_back(std::move(condition));
  }
}

void read_row_items(const Fields& fields, std::vector<RowItems>& out) {
  const YamlNode* node = fields.find("one_per");
  if (node == nullptr) return;
  const auto read_one = [&](const YamlNode& one) {
    RowItems items;
    items.span = one.span;
    if (!one.is_map()) {
      read_value(one, fields.word("one_per"), items.path, fields.diagnostics());
    } else {
      const Fields below(one, Section::one_per, fields.diagnostics());
      below.refuse_both("split", "days_from", PhraseCode::the_rows_are_made_of_a_text_or_of_days);
      const bool days = below.has("days_from");
      items.kind = days ? RowItems::Kind::days : RowItems::Kind::parts;
      const auto alone = [&](std::string_view word, std::string_view beside) {
        if (below.has(word) && !below.has(beside))
          below.require(beside, below.key_span(word), "'" + std::string(word) + "'");
      };
      if (!days) {
        below.require("split", one.span, "'one_per: {…}'",
                      PhraseCode::name_the_text_or_the_first_day);
        below.require("by", one.span, "'split'", PhraseCode::write_what_is_between_the_parts);
        for (const char* word : {"until", "read", "months", "two_digit_years", "at_most"})
          alone(word, "days_from");
        below.read("split", items.path);
        below.read("by", items.by);
        if (items.by.stated() && items.by.text.empty())
          fields.diagnostics().push_back({DiagnosticCode::value_wrong,
                                          items.by.span,
                                          {"", "by", PhraseCode::write_what_is_between_the_parts}});
      } else {
        below.require("until", one.span, "'days_from'", PhraseCode::name_the_day_after_the_last);
        if (!below.has("split")) alone("by", "split");
        below.read("days_from", items.path);
        below.read("until", items.until);
        read_day_words(below, items.days);
        below.read("at_most", items.at_most);
      }
    }
    if (items.path.stated()) out.push_back(std::move(items));
  };
  if (!node->is_list()) {
    read_one(*node);
    return;
  }
  for (const YamlNode& item : node->items) read_one(item);
}

}  // namespace trama
