#include "run/dump_tables.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/phrase_codes.h"
#include "json/record_reader.h"
#include "step/args.h"
#include "step/unicode.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// One table while it is built. Each step that finds it wrong says so in problem() and gives false.
class TableBuilder {
 public:
  TableBuilder(const PlanDumpTable& plan, std::size_t memory)
      : plan_(plan), memory_(memory), table_(std::make_shared<LookupTable>()) {}

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
      return wrong({PhraseCode::table_key_twice, {reader.error_text()}});
    if (reason == Reason::too_deep) return wrong(PhraseCode::table_nested);
    if (reason != Reason::none)
      return wrong({PhraseCode::table_not_json, {phrase_of("problem", reader.error_text())}});
    return entries(reader.root().member("t", arena_));
  }

  [[nodiscard]] std::shared_ptr<const LookupTable> table() const noexcept { return table_; }
  [[nodiscard]] const Phrase& problem() const noexcept { return problem_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// Whether it takes more than it may: then there is no problem().
  [[nodiscard]] bool is_over() const noexcept { return bytes_ > memory_; }

 private:
  static constexpr std::string_view kWrapper = "{\"t\":";
  static constexpr std::size_t kBytesOfEntry = 200;

  bool wrong(Phrase problem) {
    problem_ = std::move(problem);
    return false;
  }

  bool entries(const Node& all) {
    const bool object = all.kind() == JsonKind::object;
    if (!object && all.kind() != JsonKind::list)
      return wrong({PhraseCode::table_no_table, {phrase_of("found", describe(all.kind()))}});
    if (!object && plan_.key.empty()) return wrong(PhraseCode::table_list);
    number_ = 0;
    for (NodeCursor cursor(all); cursor.next();) {
      arena_.reset();
      if (++number_ > kMaxDumpTableEntries)
        return wrong({PhraseCode::table_entries, {std::to_string(kMaxDumpTableEntries)}});
      entry_key_ = object ? cursor.key().text(arena_) : std::string_view();
      object_ = object;
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
      if (part.empty()) return wrong({PhraseCode::table_no_key, {where(), joined(plan_.key[i])}});
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
    bytes_ += kBytesOfEntry + 2 * shown_.size() + value.size();
    if (is_over()) return false;
    if (table_->add(plan_.ignore_case ? fold_case(key_) : key_, value, shown_)) return true;
    return wrong(
        {plan_.ignore_case ? PhraseCode::table_key_twice_folded : PhraseCode::table_key_twice,
         {shown_}});
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
        return wrong({PhraseCode::table_no_path, {where(), joined(path)}});
      case JsonKind::list:
      case JsonKind::object: {
        Phrase kind = phrase_of("found", describe(node.kind()));
        if (path.empty()) return wrong({PhraseCode::table_entry_is, {where(), std::move(kind)}});
        return wrong({PhraseCode::table_entry_has, {where(), joined(path), std::move(kind)}});
      }
      case JsonKind::null:
        return true;
      case JsonKind::text:
      case JsonKind::number:
      case JsonKind::boolean:
        out = node.text(arena_);
    }
    return true;
  }

  /// The entry at hand.
  [[nodiscard]] Phrase where() const {
    return object_ ? Phrase(PhraseCode::table_entry, {entry_key_})
                   : Phrase(PhraseCode::table_entry_number, {std::to_string(number_)});
  }

  static std::string joined(const KeyPath& path) {
    std::string out;
    for (const std::string& key : path) out += (out.empty() ? "" : ".") + key;
    return out;
  }

  const PlanDumpTable& plan_;
  std::size_t memory_;
  std::size_t bytes_ = 0;
  std::shared_ptr<LookupTable> table_;
  Arena arena_;
  bool object_ = false;
  std::string_view entry_key_;  // of the entry at hand
  std::size_t number_ = 0;
  std::string key_;
  std::string shown_;
  Phrase problem_;
};

Result<std::shared_ptr<const LookupTable>> table_of_value(const PlanDumpTable& plan,
                                                          const OutsideValue& value,
                                                          const OutsideOfDocument& found,
                                                          std::size_t& memory) {
  const Phrase input = found.document == 0 ? found.input
                                           : Phrase(PhraseCode::source_document,
                                                    {found.input, std::to_string(found.document)});
  const auto invalid = [&](Phrase problem) {
    return Failure{FailureCode::table_invalid, {input, plan.name, plan.path, std::move(problem)}};
  };
  switch (value.state) {
    case OutsideValue::State::missing:
      if (found.failure) return *found.failure;
      return Failure{FailureCode::table_not_found,
                     {input, plan.name, plan.path,
                      value.instead.empty() ? PhraseCode::source_line_is_record : value.instead}};
    case OutsideValue::State::twice:
      return invalid(PhraseCode::source_there_twice);
    case OutsideValue::State::too_big:
      return invalid(
          {found.document == 0 ? PhraseCode::table_mebibytes : PhraseCode::tables_mebibytes,
           {std::to_string(found.max_bytes / 1024 / 1024)}});
    case OutsideValue::State::whole:
      break;
  }
  if (value.json == "null")
    return Failure{FailureCode::table_not_found,
                   {input, plan.name, plan.path, PhraseCode::source_it_is_null}};
  return table_of_json(plan, value.json, input, memory);
}

}  // namespace

Result<std::shared_ptr<const LookupTable>> table_of_json(const PlanDumpTable& table,
                                                         const std::string& json,
                                                         const Phrase& input, std::size_t& memory) {
  TableBuilder builder(table, memory);
  if (builder.build(json)) {
    memory -= builder.bytes();
    return builder.table();
  }
  if (builder.is_over())
    return Failure{FailureCode::table_memory,
                   {input, table.name, table.path, std::to_string(memory >> 20U) + " MiB"}};
  return Failure{FailureCode::table_invalid, {input, table.name, table.path, builder.problem()}};
}

SourceOptions DumpTables::options(const Plan& plan, SourceOptions options, std::size_t memory) {
  for (const PlanDumpTable& table : plan.dump_tables) options.outside.push_back(table.keys);
  if (plan.dump_tables.empty()) return options;
  options.max_outside_bytes = std::min(options.max_outside_bytes, memory / 2);
  options.beside =
      [&plan,
       memory](const OutsideOfDocument& found) -> Result<std::shared_ptr<const BesideRecords>> {
    TRAMA_TRY(auto tables, of(plan, found, memory));
    return std::shared_ptr<const BesideRecords>(std::move(tables));
  };
  return options;
}

Result<std::shared_ptr<const DumpTables>> DumpTables::of(const Plan& plan,
                                                         const OutsideOfDocument& found,
                                                         std::size_t memory) {
  std::size_t left = memory;
  auto made = std::make_shared<DumpTables>();
  const OutsideValue none;
  for (std::size_t i = 0; i < plan.dump_tables.size(); ++i) {
    const PlanDumpTable& table = plan.dump_tables[i];
    TRAMA_TRY(auto built,
              table_of_value(table, found.values.empty() ? none : found.values[i], found, left));
    made->known_[table.name] = built->known(kShownTableKeys);
    made->tables_.push_back(std::move(built));
  }
  made->bytes_ = memory - left;
  return std::shared_ptr<const DumpTables>(std::move(made));
}

}  // namespace trama
