// `output: schema`: the file is read, and what the columns write is held against it as far as that
// can be told without data: a type that can never fit, a field that the schema does not know, a
// required one that no column writes, a blank that would reject its record.

#include <algorithm>
#include <functional>
#include <set>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "plan/compiler.h"
#include "plan/output_type.h"
#include "plan/row_schema.h"
#include "sink/format.h"

namespace trama {
namespace {

using Keyword = SchemaKeyword;
using Member = PlanRowSchema::Member;
using Objects = std::vector<std::vector<Member>>;

bool can_nest(std::string_view name) noexcept {
  return name.front() != '.' && name.back() != '.' && name.find("..") == std::string_view::npos;
}

/// Puts a column at its dotted name among the objects. A name that cannot nest (only CSV lets it
/// pass) stays whole.
void add_member(Objects& objects, std::size_t object, std::string_view name, Member::Kind kind,
                std::size_t index) {
  const std::size_t dot = name.empty() || !can_nest(name) || kind == Member::Kind::audit
                              ? std::string_view::npos
                              : name.find('.');
  if (dot == std::string_view::npos) {
    objects[object].push_back({kind, std::string(name), index});
    return;
  }
  const std::string_view first = name.substr(0, dot);
  for (const Member& member : objects[object])
    if (member.kind == Member::Kind::object && member.name == first)
      return add_member(objects, member.index, name.substr(dot + 1), kind, index);
  objects[object].push_back({Member::Kind::object, std::string(first), objects.size()});
  objects.emplace_back();
  add_member(objects, objects.size() - 1, name.substr(dot + 1), kind, index);
}

Objects objects_of(const std::vector<OutputColumn>& columns,
                   const std::vector<std::string>& audit) {
  Objects objects(1);
  for (std::size_t i = 0; i < columns.size(); ++i)
    add_member(objects, 0, columns[i].name, Member::Kind::column, i);
  for (std::size_t i = 0; i < audit.size(); ++i)
    add_member(objects, 0, audit[i], Member::Kind::audit, i);
  for (auto& members : objects)
    std::sort(members.begin(), members.end(),
              [](const Member& a, const Member& b) { return a.name < b.name; });
  return objects;
}

/// What can be told of a plan and its schema before any data.
class SchemaCheck {
 public:
  using Told =
      std::function<void(DiagnosticCode, std::size_t column, const Span*, std::vector<Phrase>)>;

  SchemaCheck(const Plan& plan, const RowSchema& schema, const std::vector<std::string>& file_names,
              Told told)
      : plan_(plan), schema_(schema), file_names_(file_names), told_(std::move(told)) {}

  void object(std::uint32_t schema, const Objects& objects, std::size_t at,
              const std::vector<OutputColumn>& columns) {
    each_rule(schema, [&](const SchemaRule& rule) {
      if (rule.keyword == Keyword::required) required(rule, objects, at, columns);
      for (const Member& member : objects[at]) {
        if (rule.keyword == Keyword::properties && rule.knows(member.name))
          this->member(property(rule, member.name).schema, objects, member, columns);
        if (rule.keyword == Keyword::additional && !rule.knows(member.name))
          other(rule, objects, member, columns);
      }
    });
  }

 private:
  static const SchemaRule::Name& property(const SchemaRule& rule, std::string_view name) {
    return *std::find_if(rule.names.begin(), rule.names.end(),
                         [name](const SchemaRule::Name& one) { return one.name == name; });
  }

  /// The rules that always hold: those of the schema and of what it refers to, each schema once.
  void each_rule(std::uint32_t schema, const std::function<void(const SchemaRule&)>& seen) const {
    std::vector<std::uint32_t> open{schema};
    std::set<std::uint32_t> known{schema};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (const SchemaRule& rule : schema_.schemas[at]) {
        seen(rule);
        if (rule.keyword != Keyword::all_of) continue;
        for (const std::uint32_t below : rule.schemas)
          if (known.insert(below).second) open.push_back(below);
      }
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): without circles, and at most kMostInPlace deep
  // (plan/row_schema.cpp)
  std::uint8_t allowed(std::uint32_t schema) {
    const auto known = allowed_.find(schema);
    if (known != allowed_.end()) return known->second;
    unsigned types = json_type::kAny;
    for (const SchemaRule& rule : schema_.schemas[schema]) {
      unsigned some = 0;
      switch (rule.keyword) {
        case Keyword::never:
          types = 0;
          break;
        case Keyword::type:
          types &= rule.types;
          break;
        case Keyword::one_of_values:
          for (const SchemaRule::Constant& constant : rule.constants) some |= constant.item.type;
          types &= some;
          break;
        case Keyword::all_of:
          for (const std::uint32_t below : rule.schemas) types &= allowed(below);
          break;
        case Keyword::any_of:
        case Keyword::one_of:
          for (const std::uint32_t below : rule.schemas) some |= allowed(below);
          types &= some;
          break;
        default:
          break;
      }
    }
    return allowed_[schema] = static_cast<std::uint8_t>(types);
  }

  [[nodiscard]] bool numbers_are_texts() const noexcept { return plan_.output.numbers_as_text; }
  [[nodiscard]] std::uint8_t number_type() const noexcept {
    return numbers_are_texts() ? json_type::kText : json_type::kNumber;
  }

  /// What a column writes where it is not blank.
  [[nodiscard]] std::uint8_t written(const PlanColumn& column,
                                     const ColumnFormat& format) const noexcept {
    const bool original = column.when_wrong.kind == PlanAction::Kind::write_original;
    const auto or_text = [original](std::uint8_t types) {
      return static_cast<std::uint8_t>(types | (original ? json_type::kText : 0));
    };
    switch (format.kind) {
      case Kind::decimal:
        return or_text(number_type());
      case Kind::boolean:
        return or_text(format.boolean_words ? json_type::kText : json_type::kBoolean);
      case Kind::duration:
        return or_text(format.duration == ColumnFormat::DurationUnit::iso ? json_type::kText
                                                                          : number_type());
      case Kind::json:
        return column.from == PlanColumn::From::each ? json_type::kList : json_type::kAny;
      default:
        return json_type::kText;
    }
  }

  [[nodiscard]] std::uint8_t types_of(const Member& member,
                                      const std::vector<OutputColumn>& columns) const noexcept {
    if (member.kind == Member::Kind::object) return json_type::kObject;
    if (member.kind == Member::Kind::column)
      return written(plan_.columns[columns[member.index].value], columns[member.index].format);
    const std::string& audit = plan_.output.audit_columns[member.index];
    for (const char* text : {"file", "run", "key", "idempotency_key", "operation"})
      if (audit == text) return json_type::kText;
    if (audit == "corrected") return json_type::kBoolean;
    return numbers_are_texts() ? json_type::kText : json_type::kInteger;
  }

  [[nodiscard]] bool blank_is_absent(const OutputColumn& column) const noexcept {
    return !plan_.format->leaves_blanks_out || column.blank_left_out;
  }

  // NOLINTNEXTLINE(misc-no-recursion): goes into the objects of the output, which are finite
  void member(std::uint32_t schema, const Objects& objects, const Member& member,
              const std::vector<OutputColumn>& columns) {
    const std::uint8_t types = types_of(member, columns);
    const std::uint8_t wanted = allowed(schema);
    const std::size_t first = first_column(objects, member, columns);
    if ((types & wanted) == 0) {
      told_(DiagnosticCode::schema_type, first, nullptr,
            {member.name, json_types(types), json_types(wanted), place_of(schema)});
      return;
    }
    if (member.kind == Member::Kind::object) return object(schema, objects, member.index, columns);
    if (member.kind != Member::Kind::column) return;
    const OutputColumn& output = columns[member.index];
    const PlanColumn& column = plan_.columns[output.value];
    if (may_be_blank(column) && !blank_is_absent(output) && (wanted & json_type::kNull) == 0)
      told_(DiagnosticCode::schema_blank, first, nullptr,
            {member.name, PhraseCode::allows_no_null, place_of(schema)});
    if (column.from != PlanColumn::From::each) return;
    const Objects items = objects_of(column.object, {});
    each_rule(schema, [&](const SchemaRule& rule) {
      if (rule.keyword == Keyword::items) object(rule.schemas.front(), items, 0, column.object);
    });
  }

  // NOLINTNEXTLINE(misc-no-recursion): see member()
  void other(const SchemaRule& rule, const Objects& objects, const Member& member,
             const std::vector<OutputColumn>& columns) {
    if (!schema_.is_never(rule.schemas.front()))
      return this->member(rule.schemas.front(), objects, member, columns);
    std::vector<std::string_view> known;
    for (const SchemaRule::Name& name : rule.names) known.push_back(name.name);
    const std::string_view near = nearest(member.name, known);
    told_(DiagnosticCode::schema_field_unknown, first_column(objects, member, columns), nullptr,
          {member.name, place_at(rule.place),
           near.empty() ? Phrase(PhraseCode::add_it_to_properties)
                        : Phrase(PhraseCode::did_you_mean, {near})});
  }

  void required(const SchemaRule& rule, const Objects& objects, std::size_t at,
                const std::vector<OutputColumn>& columns) {
    for (const SchemaRule::Name& name : rule.names) {
      const auto found = std::find_if(objects[at].begin(), objects[at].end(),
                                      [&name](const Member& m) { return m.name == name.name; });
      if (found == objects[at].end()) {
        if (plan_.output.rest && at == 0 && &columns == &plan_.output.columns)
          continue;  // a field that is copied may be it
        std::vector<std::string_view> known;
        for (const Member& member : objects[at]) known.push_back(member.name);
        const std::string_view near = nearest(name.name, known);
        const Span span = plan_.places[name.place];
        told_(DiagnosticCode::schema_field_missing, SIZE_MAX, &span,
              {name.name, near.empty() ? Phrase(PhraseCode::add_a_column_or_not_required)
                                       : Phrase(PhraseCode::there_is_a_column, {near})});
      } else if (found->kind == Member::Kind::column && blank_is_absent(columns[found->index]) &&
                 may_be_blank(plan_.columns[columns[found->index].value])) {
        told_(DiagnosticCode::schema_blank, columns[found->index].value, nullptr,
              {name.name, PhraseCode::requires_it, place_at(name.place)});
      }
    }
  }

  /// The plan's column that a message about the member points at, or SIZE_MAX.
  static std::size_t first_column(const Objects& objects, const Member& member,
                                  const std::vector<OutputColumn>& columns) {
    const Member* at = &member;
    while (at->kind == Member::Kind::object) at = &objects[at->index].front();
    return at->kind == Member::Kind::column ? columns[at->index].value : SIZE_MAX;
  }

  [[nodiscard]] std::string place_at(std::uint32_t place) const {
    const Span& span = plan_.places[place];
    return file_names_[span.file] + ":" + std::to_string(span.line) + ":" +
           std::to_string(span.column);
  }
  /// Where the schema says which types it allows.
  [[nodiscard]] std::string place_of(std::uint32_t schema) const {
    const SchemaRule* said = nullptr;
    each_rule(schema, [&said](const SchemaRule& rule) {
      const bool says =
          rule.keyword == Keyword::type || (said == nullptr && rule.keyword != Keyword::all_of);
      if (says && (said == nullptr || said->keyword != Keyword::type)) said = &rule;
    });
    return said == nullptr ? std::string() : place_at(said->place);
  }

  const Plan& plan_;
  const RowSchema& schema_;
  const std::vector<std::string>& file_names_;
  Told told_;
  std::map<std::uint32_t, std::uint8_t> allowed_;
};

}  // namespace

bool Compiler::read_schema_file(PlanRowSchema& out) {
  std::uint32_t index = 0;
  if (!open_named(mapping_.output.schema, index)) return false;
  const auto keep_place = [this](const Span& span) { return place(span); };
  const Files::File& file = input_.files.files[index];
  return read_row_schema(file.text, file.name, index, keep_place, out.rules, diagnostics_,
                         &patterns_);
}

void Compiler::row_schema() {
  if (!mapping_.output.schema.stated()) return;
  PlanRowSchema schema;
  schema.place = place(mapping_.output.schema.span);
  if (!read_schema_file(schema)) return;
  schema.objects = objects_of(plan_->output.columns, plan_->output.audit_columns);
  std::vector<std::string> names;
  for (const Files::File& file : input_.files.files)
    names.push_back(file.name.substr(file.name.find_last_of('/') + 1));
  const auto tell = [this](DiagnosticCode code, std::size_t column, const Span* span,
                           std::vector<Phrase> values) {
    const Span at = span != nullptr      ? *span
                    : column == SIZE_MAX ? mapping_.output.schema.span
                                         : written(static_cast<ColumnIndex>(column)).name.span;
    error(code, at, std::move(values));
  };
  SchemaCheck(*plan_, schema.rules, names, tell)
      .object(0, schema.objects, 0, plan_->output.columns);
  plan_->row_schema = std::move(schema);
}

}  // namespace trama
