#include "run/dump_tables.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "json/record_reader.h"
#include "step/args.h"
#include "step/unicode.h"

namespace trama {
namespace {

/// One table while it is built. Each step that finds it wrong says so in problem() and gives false.
class TableBuilder {
 public:
  explicit TableBuilder(const PlanDumpTable& plan)
      : plan_(plan), table_(std::make_shared<LookupTable>()) {}

  bool build(std::string_view json) {
    // The reader takes records, which are objects; a table may also be a list.
    std::string frame;
    frame.reserve(json.size() + kWrapper.size() + 1 + kPadding);
    frame.append(kWrapper).append(json).append("}");
    const std::size_t size = frame.size();
    frame.append(kPadding, ' ');
    RecordReader reader({});
    const Reason reason = reader.read({frame.data(), size});
    if (reason == Reason::repeated_key)
      return wrong("the key '" + std::string(reader.error_text()) + "' stands twice in it");
    if (reason == Reason::too_deep) return wrong("it is nested too deep");
    if (reason != Reason::none) return wrong("it is not JSON: " + std::string(reader.error_text()));
    return entries(reader.root().member("t", arena_));
  }

  [[nodiscard]] std::shared_ptr<const LookupTable> table() const noexcept { return table_; }
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

 private:
  static constexpr std::string_view kWrapper = "{\"t\":";

  bool wrong(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  bool entries(const Node& all) {
    const bool object = all.kind() == JsonKind::object;
    if (!object && all.kind() != JsonKind::list)
      return wrong("it is " + std::string(describe(all.kind())) + ", not an object or a list");
    if (!object && plan_.key.empty())
      return wrong(
          "it is a list; 'key' and 'value' of the table say which fields of its items to take");
    std::size_t count = 0;
    for (NodeCursor cursor(all); cursor.next();) {
      arena_.reset();
      if (++count > kMaxDumpTableEntries)
        return wrong("it has more than " + std::to_string(kMaxDumpTableEntries) + " entries");
      where_ = object ? "the entry '" + std::string(cursor.key().text(arena_)) + "'"
                      : "its entry " + std::to_string(count);
      if (!key_of(cursor) || !entry(cursor.value())) return false;
    }
    return true;
  }

  /// The key as the values of records are looked up.
  bool key_of(const NodeCursor& cursor) {
    key_.clear();
    shown_.clear();
    if (plan_.key.empty()) {
      shown_ = key_ = cursor.key().text(arena_);
      return true;
    }
    std::string part;
    for (std::size_t i = 0; i < plan_.key.size(); ++i) {
      if (!text_at(cursor.value(), plan_.key[i], part)) return false;
      if (part.empty())
        return wrong(where_ + " has no key: '" + joined(plan_.key[i]) + "' is empty");
      if (plan_.key.size() == 1)
        key_ = part;
      else
        append_key_part(key_, i == 0, part);
      shown_ += (i > 0 ? " / " : "") + part;
    }
    return true;
  }

  bool entry(const Node& node) {
    std::string value;
    if (!text_at(node, plan_.value, value)) return false;
    if (table_->add(plan_.ignore_case ? fold_case(key_) : key_, value, shown_)) return true;
    return wrong("the key '" + shown_ + "' stands twice in it" +
                 (plan_.ignore_case ? ", where capitals do not matter" : ""));
  }

  /// The text of what stands at `path` in an entry; of null nothing.
  bool text_at(Node node, const KeyPath& path, std::string& out) {
    for (const std::string& key : path) {
      std::int64_t index = 0;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
      const bool place = node.kind() == JsonKind::list && error == std::errc() &&
                         end == key.data() + key.size() && index >= 0;
      node = place ? node.item(index) : node.member(key, arena_);
    }
    out.clear();
    switch (node.kind()) {
      case JsonKind::missing:
        return wrong(where_ + " has no '" + joined(path) + "'");
      case JsonKind::list:
      case JsonKind::object:
        return wrong(
            where_ + (path.empty() ? " is " : " has in '" + joined(path) + "' ") +
            std::string(describe(node.kind())) + ", not one value" +
            (path.empty() ? "; 'value' of the table says which of its fields to take" : ""));
      case JsonKind::null:
        return true;
      case JsonKind::text:
      case JsonKind::number:
      case JsonKind::boolean:
        out = node.text(arena_);
    }
    return true;
  }

  static std::string joined(const KeyPath& path) {
    std::string out;
    for (const std::string& key : path) out += (out.empty() ? "" : ".") + key;
    return out;
  }

  const PlanDumpTable& plan_;
  std::shared_ptr<LookupTable> table_;
  Arena arena_;
  std::string where_;  // the entry at hand, for messages
  std::string key_;
  std::string shown_;
  std::string problem_;
};

Result<std::shared_ptr<const LookupTable>> table_of_value(const PlanDumpTable& plan,
                                                          const OutsideValue& value,
                                                          const OutsideOfDocument& found) {
  const std::string input = found.document == 0
                                ? found.input
                                : found.input + ", document " + std::to_string(found.document);
  const auto invalid = [&](std::string problem) {
    return Failure{FailureCode::table_invalid, {input, plan.name, plan.path, std::move(problem)}};
  };
  switch (value.state) {
    case OutsideValue::State::missing:
      if (found.failure) return *found.failure;
      return Failure{FailureCode::table_not_found,
                     {input, plan.name, plan.path,
                      value.instead.empty() ? "every line is a record" : value.instead}};
    case OutsideValue::State::twice:
      return invalid("it is there twice");
    case OutsideValue::State::too_big:
      return invalid(
          (found.document == 0 ? "it has more than " : "the tables up to here have more than ") +
          std::to_string(kMaxOutsideBytes / 1024 / 1024) + " MiB");
    case OutsideValue::State::whole:
      break;
  }
  if (value.json == "null")
    return Failure{FailureCode::table_not_found, {input, plan.name, plan.path, "it is null"}};
  return table_of_json(plan, value.json, input);
}

}  // namespace

Result<std::shared_ptr<const LookupTable>> table_of_json(const PlanDumpTable& table,
                                                         const std::string& json,
                                                         const std::string& input) {
  TableBuilder builder(table);
  if (builder.build(json)) return builder.table();
  return Failure{FailureCode::table_invalid, {input, table.name, table.path, builder.problem()}};
}

SourceOptions DumpTables::options(const Plan& plan, SourceOptions options) {
  for (const PlanDumpTable& table : plan.dump_tables) options.outside.push_back(table.keys);
  if (plan.dump_tables.empty()) return options;
  options.beside =
      [&plan](const OutsideOfDocument& found) -> Result<std::shared_ptr<const BesideRecords>> {
    TRAMA_TRY(auto tables, of(plan, found));
    return std::shared_ptr<const BesideRecords>(std::move(tables));
  };
  return options;
}

Result<std::shared_ptr<const DumpTables>> DumpTables::of(const Plan& plan,
                                                         const OutsideOfDocument& found) {
  auto made = std::make_shared<DumpTables>();
  const OutsideValue none;
  for (std::size_t i = 0; i < plan.dump_tables.size(); ++i) {
    const PlanDumpTable& table = plan.dump_tables[i];
    TRAMA_TRY(auto built,
              table_of_value(table, found.values.empty() ? none : found.values[i], found));
    made->known_[table.name] = built->known(kShownTableKeys);
    made->tables_.push_back(std::move(built));
  }
  return std::shared_ptr<const DumpTables>(std::move(made));
}

}  // namespace trama
