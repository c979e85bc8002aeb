#include "infer/wanted.h"

#include <algorithm>

#include "base/phrase_codes.h"
#include "profile/findings.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kMaxProperties = 500;
constexpr std::size_t kMaxSchemaDepth = 5;

std::string_view type_of_total(std::string_view total) {
  if (total == "count") return "integer";
  return total == "sum" ? "decimal" : "";
}

WantedSource source_of(const Path& path, const std::vector<std::string>& called) {
  WantedSource source{path.text, path, keys_of(path)};
  if (path.pick) {
    for (std::string& key : keys_of(path.pick->take)) source.keys.push_back(std::move(key));
  }
  // A name of an item is none of the dump's.
  if (!source.keys.empty() &&
      std::find(called.begin(), called.end(), source.keys.front()) != called.end())
    source.keys.erase(source.keys.begin());
  return source;
}

void add_codes(const std::vector<Pair>& pairs, Wanted& out) {
  for (const Pair& pair : pairs) out.codes.emplace_back(pair.key.text, pair.value.text);
}

Wanted wanted_column(const Column& column, const Mapping& mapping,
                     const std::vector<std::string>& called) {
  Wanted wanted;
  wanted.name = column.name.text;
  wanted.type =
      column.type.stated() ? column.type.text : std::string(type_of_total(column.total.text));
  // Words of this supplier, which are texts there: another's may be others.
  if (!column.yes_words.empty()) wanted.type.clear();
  wanted.join = column.join.text;
  wanted.internal = column.internal.on;
  for (const auto* paths : {&column.from, &column.first_of, &column.by}) {
    for (const Path& path : *paths) {
      const bool item = !path.steps.empty() && std::find(called.begin(), called.end(),
                                                         path.steps.front().key) != called.end();
      wanted.of_item = wanted.of_item || item;
      wanted.sources.push_back(source_of(path, called));
    }
  }
  wanted.made = wanted.sources.empty();
  add_codes(column.lookup, wanted);
  for (const Table& table : mapping.tables)
    if (!column.lookup_table.text.empty() && table.name.text == column.lookup_table.text)
      add_codes(table.pairs, wanted);
  return wanted;
}

// ---- JSON Schema ----

std::string text_at(const YamlNode& node, std::string_view key) {
  const YamlNode* const found = node.find(key);
  return found != nullptr && found->is_scalar() ? found->text : std::string();
}

/// draft-07 §6: `type` may be a list, of which "null" says nothing here.
std::string type_in(const YamlNode& schema) {
  const YamlNode* const type = schema.find("type");
  if (type == nullptr) return {};
  if (type->is_scalar()) return type->text;
  for (const YamlNode& one : type->items)
    if (one.text != "null") return one.text;
  return {};
}

std::string our_type(const YamlNode& schema) {
  const std::string type = type_in(schema);
  const std::string format = text_at(schema, "format");
  if (type == "integer" || type == "boolean") return type;
  if (type == "number") return "decimal";
  if (format == "date") return "date";
  if (format == "date-time") return "datetime";
  if (format == "time" || format == "email" || format == "uuid") return format;
  return format == "uri" ? "url" : "";
}

class SchemaColumns {
 public:
  SchemaColumns(const YamlNode& root, WantedColumns& out) : root_(root), out_(out) {}

  // NOLINTNEXTLINE(misc-no-recursion): kMaxSchemaDepth
  void add(const YamlNode& schema, const std::string& prefix, std::size_t depth) {
    const YamlNode& at = resolved(schema);
    const YamlNode* const properties = at.find("properties");
    if (properties == nullptr || depth > kMaxSchemaDepth) return;
    for (const YamlEntry& entry : properties->entries) {
      if (out_.columns.size() >= kMaxProperties) return;
      const YamlNode& property = resolved(entry.value);
      const bool usable = !entry.key.text.empty() && entry.key.text.find('.') == std::string::npos;
      if (!usable || type_in(property) == "array") continue;
      const std::string name = prefix + entry.key.text;
      if (property.find("properties") != nullptr) {
        out_.nested = true;
        add(property, name + '.', depth + 1);
        continue;
      }
      Wanted wanted;
      wanted.name = name;
      wanted.about = text_at(property, "title") + ' ' + text_at(property, "description");
      wanted.type = our_type(property);
      if (const YamlNode* const codes = property.find("enum"))
        for (const YamlNode& code : codes->items)
          if (code.is_scalar()) wanted.codes.emplace_back(code.text, "");
      wanted.made = property.find("const") != nullptr;
      out_.columns.push_back(std::move(wanted));
    }
  }

 private:
  /// What `$ref: #/definitions/name` names; the schema itself where it names nothing here.
  const YamlNode& resolved(const YamlNode& schema) const {
    std::string ref = text_at(schema, "$ref");
    if (!ref.starts_with("#/")) return schema;
    const YamlNode* at = &root_;
    for (std::size_t begin = 2; at != nullptr && begin <= ref.size();) {
      const std::size_t end = std::min(ref.find('/', begin), ref.size());
      at = at->find(ref.substr(begin, end - begin));
      begin = end + 1;
    }
    return at != nullptr && at->is_map() ? *at : schema;
  }

  const YamlNode& root_;
  WantedColumns& out_;
};

// ---- how well a field fits ----

struct Named {
  Concepts last;
  Concepts around;
  std::vector<std::string> words;  // of the last key
};

Named named(const std::vector<std::string>& keys) {
  Named out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Concepts of = concepts_of(keys[i]);
    for (std::size_t c = 0; c < static_cast<std::size_t>(Concept::end_of_concepts); ++c)
      if (of.has(static_cast<Concept>(c)))
        (i + 1 == keys.size() ? out.last : out.around).add(static_cast<Concept>(c));
  }
  if (!keys.empty()) out.words = name_words(keys.back());
  return out;
}

Concepts joined(const Concepts& a, const Concepts& b) {
  Concepts both = a;
  for (std::size_t c = 0; c < static_cast<std::size_t>(Concept::end_of_concepts); ++c)
    if (b.has(static_cast<Concept>(c))) both.add(static_cast<Concept>(c));
  return both;
}

std::string words_of(const Concepts& concepts) {
  std::string words;
  for (std::size_t c = 0; c < static_cast<std::size_t>(Concept::end_of_concepts); ++c)
    if (concepts.has(static_cast<Concept>(c)))
      (words.empty() ? words : words += ", ") += word_of(static_cast<Concept>(c));
  return words;
}

bool is_number_type(std::string_view type) noexcept {
  return type == "integer" || type == "decimal" || type == "money";
}

/// Amounts are called by what they are of; one of them may be meant by another.
bool is_amount(const Concepts& of) noexcept {
  return of.has_any(Concept::amount, Concept::total, Concept::price, Concept::net, Concept::gross);
}

/// What names a thing is an id to one supplier and a code to another.
bool is_key(const Concepts& of) noexcept {
  return of.has_any(Concept::identity, Concept::code, Concept::reference, Concept::number);
}

/// Between types: what speaks for it, or against it.
int kind_score(std::string_view wanted, std::string_view found) noexcept {
  const bool day = wanted == "date" || wanted == "datetime";
  const bool found_day = found == "date" || found == "datetime";
  if (day) return found_day ? 8 : -12;
  if (is_number_type(wanted)) return is_number_type(found) ? 4 : -10;
  if (wanted == "email" || wanted == "boolean" || wanted == "url" || wanted == "uuid" ||
      wanted == "time" || wanted == "duration")
    return found == wanted ? 12 : -10;
  if (found_day || found == "boolean") return -8;
  return found == "decimal" || found == "json" ? -4 : 0;
}

Code kind_code(std::string_view type) noexcept {
  if (type == "date" || type == "datetime") return Code::infer_kind_date;
  if (type == "email") return Code::infer_kind_email;
  if (type == "boolean") return Code::infer_kind_yes_no;
  return is_number_type(type) ? Code::infer_kind_number : Code::infer_kind_text;
}

/// How many values of the field the codes know: of how many.
std::pair<std::size_t, std::size_t> known_codes(const Wanted& wanted, const PathNode* node) {
  if (node == nullptr || wanted.codes.empty() || !node->seen.values.exact()) return {0, 0};
  std::size_t known = 0;
  for (const ValueCounts::Entry& entry : node->seen.values.entries()) {
    const std::string_view text = node->seen.values.text(entry);
    known += std::any_of(wanted.codes.begin(), wanted.codes.end(),
                         [text](const auto& code) { return code.first == text; })
                 ? 1U
                 : 0U;
  }
  return {known, node->seen.values.entries().size()};
}

}  // namespace

RecordsOf records_for(const WantedColumns& wanted, const Profile& outline) {
  if (!wanted.like) return records_of(outline);
  if (!wanted.records.steps.empty())
    return records_at(outline, wanted.records).value_or(records_of(outline));
  // Without `records` its paths begin at the document: where most of them are there, so do these.
  std::size_t there = 0;
  std::size_t all = 0;
  for (const Wanted& column : wanted.columns) {
    for (const WantedSource& source : column.sources) {
      if (source.where.steps.empty() || source.keys.empty()) continue;
      const std::string& first = source.where.steps.front().key;
      const bool of_record =
          std::none_of(wanted.levels.begin(), wanted.levels.end(),
                       [&first](const WantedRows& one) { return one.called == first; });
      if (!of_record) continue;
      ++all;
      there += outline.root->by_name.contains(first) ? 1U : 0U;
    }
  }
  return there * 2 > all ? RecordsOf{} : records_of(outline);
}

bool may_be(std::string_view wanted, std::string_view found) noexcept {
  const bool text = wanted.empty() || wanted == "text";
  return text || kind_score(wanted, found) >= 0;
}

std::vector<std::string> keys_of(const Path& path) {
  std::vector<std::string> keys;
  for (const Path::Step& step : path.steps)
    if (step.kind == Path::StepKind::key) keys.push_back(step.key);
  return keys;
}

WantedColumns wanted_of(const Mapping& mapping, std::string name) {
  WantedColumns wanted;
  wanted.name = std::move(name);
  std::vector<std::string> called;
  wanted.like = true;
  wanted.records = mapping.input.records;
  for (const RowLevel& level : mapping.rows) {
    const bool list =
        level.one_per.size() == 1 && level.called.size() == 1 &&
        level.one_per.front().kind == RowItems::Kind::items &&
        wanted.levels.size() == static_cast<std::size_t>(&level - mapping.rows.data());
    if (list) wanted.levels.push_back({level.one_per.front().path, level.called.front().text});
    for (const Text& one : level.called) called.push_back(one.text);
    for (const RowItems& items : level.one_per)
      if (const std::vector<std::string> keys = keys_of(items.path);
          !keys.empty() && wanted.rows.empty())
        wanted.rows = keys.back();
  }
  if (wanted.levels.size() != mapping.rows.size()) wanted.levels.clear();
  for (const Column& column : mapping.columns) {
    if (column.removed) continue;
    if (column.each.stated()) {
      Wanted list;
      list.name = column.name.text;
      list.made = true;
      wanted.columns.push_back(std::move(list));
      continue;
    }
    wanted.nested = wanted.nested || column.name.text.find('.') != std::string::npos;
    wanted.columns.push_back(wanted_column(column, mapping, called));
  }
  return wanted;
}

WantedColumns wanted_of_schema(const YamlNode& schema, std::string name) {
  WantedColumns wanted;
  wanted.name = std::move(name);
  SchemaColumns(schema, wanted).add(schema, "", 0);
  return wanted;
}

Fit fit_of(const Wanted& wanted, const WantedSource* source, const Candidate& candidate,
           const ReportWords& say) {
  Fit fit;
  const Named field = named(candidate.keys);
  Concepts asked = concepts_of(wanted.about);
  std::vector<std::string> words = name_words(wanted.name);
  Concepts around;
  if (source != nullptr && !source->keys.empty()) {
    const Named old = named(source->keys);
    asked = joined(asked, old.last);
    around = old.around;
    words.insert(words.end(), old.words.begin(), old.words.end());
    if (source->keys == candidate.keys) {
      fit.score += 24;
      fit.by_name = true;
      fit.reasons.push_back(say(Code::infer_same_path));
    }
  }
  // Of a column that is made of several fields, its name says what they are together.
  const bool alone = source == nullptr || wanted.sources.size() < 2;
  const Concepts name = concepts_of(wanted.name);
  if (alone)
    asked = joined(asked, name);
  else
    around = joined(around, name);
  const Concepts same = field.last.shared(asked);
  const Concepts near = joined(field.last, field.around).shared(joined(asked, around));
  const auto count = [](const Concepts& concepts) { return static_cast<int>(concepts.count()); };
  fit.score += 8 * std::min(count(same), 2);
  fit.score += 3 * (count(near) - count(same));
  fit.score -= 3 * (count(field.last) - count(field.last.shared(joined(asked, around))));
  fit.score -= count(asked) - count(same);
  if (same.none() && is_amount(field.last) && is_amount(asked)) {
    fit.score += 9;
    fit.by_name = true;
    fit.reasons.push_back(say(Code::infer_same_words, {words_of(field.last)}));
  }
  if (same.none() && near.count() > 0 && is_key(field.last) && is_key(asked)) fit.score += 9;
  int shared = 0;
  for (const std::string& word : field.words)
    if (concepts_of(word).none() && std::find(words.begin(), words.end(), word) != words.end())
      ++shared;
  fit.score += 6 * shared;
  if (near.count() > 0 || shared > 0) {
    fit.by_name = true;
    const std::string said = near.count() > 0 ? words_of(near) : field.words.back();
    fit.reasons.push_back(say(Code::infer_same_words, {said}));
  }
  const int kind = kind_score(wanted.type, candidate.type);
  fit.score += kind;
  if (kind > 0) fit.reasons.push_back(say(Code::infer_same_kind, {say(kind_code(candidate.type))}));
  const auto [known, of] = known_codes(wanted, candidate.column->node);
  if (known > 0) {
    fit.score += static_cast<int>(12 * known / of);
    fit.by_name = true;
    fit.reasons.push_back(
        say(Code::infer_same_values, {std::to_string(known), std::to_string(of)}));
  }
  fit.score += wanted.of_item == candidate.of_item ? 2 : -2;
  return fit;
}

}  // namespace trama
