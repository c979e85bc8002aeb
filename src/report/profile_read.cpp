// A profile read back from its JSON. Members that it does not know are passed over; what a profile
// could not hold is refused, so that no comparison rests on it.

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/phrase_codes.h"
#include "json/record_reader.h"
#include "report/json_in.h"
#include "report/profile_report.h"

namespace trama {
namespace {

constexpr int kDepth = 16;
constexpr std::size_t kMostBytes = std::size_t{256} << 20U;
/// Since 1970, either way: more than years 1 to 9999 are away.
constexpr std::int64_t kMostSeconds = 300'000'000'000;

enum Slot : std::uint8_t { kRecords, kUnread, kPaths };

WantedFields wanted() {
  WantedFields fields;
  for (const char* member : {"records", "unread", "paths"}) fields.slots.push_back({member});
  return fields;
}

/// Whether `path` is in what `parent` is the path of: `a.b` and `a[*]` are in `a`.
bool is_in(std::string_view path, std::string_view parent) {
  if (parent.empty()) return true;
  return path.size() > parent.size() && path.starts_with(parent) &&
         (path[parent.size()] == '.' || path[parent.size()] == '[' || path[parent.size()] == '{');
}

class ProfileReader {
 public:
  ProfileReader() : reader_(wanted(), kDepth) {}

  Phrase read(std::string_view text, RecordedProfile& out) {
    std::string kept;
    if (Phrase problem = read_report(text, kMostBytes, reader_, kept); !problem.empty())
      return problem;
    out = {};
    out.records = number(reader_.slot(kRecords), "records");
    out.unread = number(member(reader_.slot(kUnread), "count"), "unread");
    if (reader_.slot(kPaths).kind() != JsonKind::list) refuse("paths");
    if (wrong_.empty())
      for (NodeCursor item(reader_.slot(kPaths)); item.next();) path(item.value(), out);
    if (wrong_.empty() && (out.paths.empty() || !out.paths.front().path.empty())) refuse("paths");
    return wrong_.empty() ? Phrase() : Phrase(PhraseCode::profile_bad_member, {wrong_});
  }

 private:
  void refuse(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
  }

  Node member(const Node& object, std::string_view name) {
    if (object.kind() != JsonKind::object) return {};
    return object.member(name, arena_);
  }

  std::string text(const Node& node, std::string_view name) {
    if (node.kind() != JsonKind::text) refuse(name);
    return node.kind() == JsonKind::text ? std::string(node.text(arena_)) : std::string();
  }
  std::string text_if(const Node& object, std::string_view name) {
    const Node node = member(object, name);
    return node.exists() ? text(node, name) : std::string();
  }

  /// Of a list that may be left out.
  void texts(const Node& list, std::string_view name, std::vector<std::string>& out) {
    if (list.kind() != JsonKind::list) return;
    for (NodeCursor item(list); item.next();) out.push_back(text(item.value(), name));
  }

  template <typename Number>
  Number digits(const Node& node, std::string_view name) {
    Number n = 0;
    const std::string_view written = node.kind() == JsonKind::number ? node.token() : "";
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), n);
    if (written.empty() || error != std::errc() || end != written.data() + written.size())
      refuse(name);
    return n;
  }
  /// Sums of two stay in 64 bits.
  std::uint64_t number(const Node& node, std::string_view name) {
    const auto n = digits<std::uint64_t>(node, name);
    if (n > std::numeric_limits<std::uint32_t>::max() * std::uint64_t{1000000}) refuse(name);
    return n;
  }
  std::uint64_t number_if(const Node& object, std::string_view name) {
    const Node node = member(object, name);
    return node.exists() ? number(node, name) : 0;
  }
  /// Of values that are a part of `all`.
  std::uint64_t part_if(const Node& object, std::string_view name, std::uint64_t all) {
    const std::uint64_t n = number_if(object, name);
    if (n > all) refuse(name);
    return n;
  }
  std::int64_t second(const Node& node) {
    const auto n = digits<std::int64_t>(node, "seconds");
    if (n < -kMostSeconds || n > kMostSeconds) refuse("seconds");
    return n;
  }
  bool is_yes(const Node& object, std::string_view name) {
    const Node node = member(object, name);
    return node.kind() == JsonKind::boolean && node.token() == "true";
  }

  void path(const Node& node, RecordedProfile& out) {
    if (node.kind() != JsonKind::object) return refuse("paths");
    RecordedPath made;
    made.path = text(member(node, "path"), "path");
    while (!open_.empty() && !is_in(made.path, out.paths[open_.back()].path)) open_.pop_back();
    made.parent = open_.empty() ? 0 : open_.back();
    if (open_.empty() != out.paths.empty() || (made.path.empty() && !out.paths.empty()))
      return refuse("path");
    counts(node, made);
    lists(node, made);
    forms(node, made);
    values(node, made);
    open_.push_back(out.paths.size());
    out.paths.push_back(std::move(made));
    arena_.reset();
  }

  void counts(const Node& node, RecordedPath& out) {
    for (const auto& [name, count] : {std::pair{"records", &out.records},
                                      {"count", &out.count},
                                      {"missing", &out.missing},
                                      {"empty", &out.empty}})
      *count = number(member(node, name), name);
    out.values = number_if(node, "values");
    out.keys_are_data = is_yes(node, "keys_are_data");
    out.hidden = is_yes(node, "hidden");
    const Node kinds = member(node, "kinds");
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < kKinds; ++i) {
      out.kinds[i] = number_if(kinds, kKindWords[i]);
      all += out.kinds[i];
    }
    const std::uint64_t blank = out.of(JsonKind::null) + out.empty;
    if (all != out.count || blank > all || out.values > all) refuse("kinds");
  }

  void lists(const Node& node, RecordedPath& out) {
    const Node items = member(node, "items");
    if (!items.exists()) return;
    out.fewest_items = number(member(items, "least"), "items");
    out.most_items = number(member(items, "greatest"), "items");
    out.items = number(member(items, "total"), "items");
  }

  void forms(const Node& node, RecordedPath& out) {
    texts(member(node, "formats"), "formats", out.formats);
    std::uint64_t left = out.values;
    if (const Node some = member(node, "some_dates"); some.kind() == JsonKind::list)
      for (NodeCursor one(some); one.next();) {
        RecordedPath::SomeDates& dates = out.some_dates.emplace_back();
        texts(member(one.value(), "formats"), "some_dates", dates.formats);
        dates.count = number(member(one.value(), "count"), "some_dates");
        if (dates.count > left) return refuse("some_dates");
        left -= dates.count;
      }
    out.with_time = part_if(node, "with_time", out.values);
    out.with_offset = part_if(node, "with_offset", out.with_time);
    const Node number_form = member(node, "number");
    out.number = text_if(number_form, "example");
    out.number_count = part_if(number_form, "count", out.values);
    out.number_undecided = is_yes(number_form, "undecided");
    out.zeros_in_front = part_if(number_form, "zeros_in_front", out.values);
    texts(member(number_form, "forms"), "forms", out.number_forms);
    const Node form = member(node, "form");
    out.form = text_if(form, "name");
    out.form_count = part_if(form, "count", out.values);
    out.vocabulary = text_if(node, "vocabulary");
    const Node sizes = member(node, "digits");
    if (!sizes.exists()) return;
    out.sizes.count = number(member(sizes, "numbers"), "digits");
    out.sizes.sum = digits<std::int64_t>(member(sizes, "sum"), "digits");
    out.sizes.squares = number(member(sizes, "squares"), "digits");
    out.sizes.negative = part_if(sizes, "negative", out.sizes.count);
  }

  void values(const Node& node, RecordedPath& out) {
    const Node distinct = member(node, "distinct");
    out.distinct = number_if(distinct, "count");
    out.distinct_exact = is_yes(distinct, "exact");
    const Node characters = member(node, "characters");
    out.fewest_characters = number_if(characters, "least");
    out.most_characters = number_if(characters, "greatest");
    out.numbers = range(member(node, "numbers"));
    out.days = range(member(node, "days"));
    if (const Node seconds = member(node, "seconds"); seconds.exists()) {
      out.first_second = second(member(seconds, "least"));
      out.last_second = second(member(seconds, "greatest"));
      if (out.first_second > out.last_second) refuse("seconds");
    }
    const Node top = member(node, "most_frequent");
    if (top.kind() != JsonKind::list) return;
    bool cut = false;
    for (NodeCursor value(top); value.next();) {
      cut = cut || is_yes(value.value(), "cut");
      out.codes.push_back({kind(value.value()), text(member(value.value(), "value"), "value"),
                           number(member(value.value(), "count"), "count")});
    }
    out.all_codes = out.distinct_exact && !cut && out.codes.size() == out.distinct;
    if (!out.all_codes) out.codes.clear();
  }

  std::optional<RecordedRange> range(const Node& node) {
    if (!node.exists()) return std::nullopt;
    return RecordedRange{text(member(member(node, "least"), "value"), "least"),
                         text(member(member(node, "greatest"), "value"), "greatest")};
  }

  JsonKind kind(const Node& value) {
    const std::string word = text_if(value, "kind");
    const auto at = std::find(kKindWords.begin(), kKindWords.end(), word);
    if (at == kKindWords.end()) refuse("kind");
    return static_cast<JsonKind>(at - kKindWords.begin());
  }

  RecordReader reader_;
  Arena arena_;
  std::string wrong_;
  std::vector<std::size_t> open_;  // the path at hand, and those that it is in
};

}  // namespace

Phrase read_profile(std::string_view text, RecordedProfile& out) {
  return ProfileReader().read(text, out);
}

}  // namespace trama
