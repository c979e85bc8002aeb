// The summary file read back. What is in it is taken as it stands there; only what a Summary could
// not hold (a column that is not listed, a count that is no number) is refused.

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/phrase_codes.h"
#include "json/record_reader.h"
#include "report/json_in.h"
#include "report/summary.h"
#include "report/words.h"
#include "value/civil.h"
#include "value/format.h"

namespace trama {
namespace {

constexpr int kDepth = 16;
constexpr std::size_t kMostBytes = std::size_t{1} << 30U;

/// Its members that are read; by their place in kMembers.
enum Slot : std::uint8_t {
  kTrama,
  kCommand,
  kRun,
  kStarted,
  kFinished,
  kExit,
  kMapping,
  kMappingFile,
  kMappingSha256,
  kZoneData,
  kInputs,
  kOutput,
  kOutputState,
  kRejects,
  kRecords,
  kRows,
  kCorrected,
  kItemsLeftOut,
  kMadeSafe,
  kBytes,
  kColumns,
  kErrors,
  kAlerts,
  kUnknown,
  kWarnings,
  kNotices,
  kNotes,
  kEndings,
  kOperationsTold,
  kLoad,
};
constexpr const char* kMembers[] = {"trama",        "command",      "run",
                                    "started",      "finished",     "exit",
                                    "mapping",      "mapping_file", "mapping_sha256",
                                    "zone_data",    "inputs",       "output",
                                    "output_state", "rejects",      "records",
                                    "rows",         "corrected",    "items_left_out",
                                    "made_safe",    "bytes",        "columns",
                                    "errors",       "alerts",       "unknown_values",
                                    "warnings",     "notices",      "notes",
                                    "endings",      "operations",   "load"};

WantedFields wanted() {
  WantedFields fields;
  for (const char* member : kMembers) fields.slots.push_back({member});
  return fields;
}

template <typename Code>
std::optional<Code> code_named(std::string_view word, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (name(static_cast<Code>(i)) == word) return static_cast<Code>(i);
  return std::nullopt;
}

constexpr std::size_t kRecordCodes = 1
#define TRAMA_CODE(...) +1
#include "base/record_codes.inc"
#undef TRAMA_CODE
    ;
constexpr std::size_t kNoticeCodes = 0
#define TRAMA_NOTICE(...) +1
#include "base/notices.inc"
#undef TRAMA_NOTICE
    ;

class SummaryReader {
 public:
  SummaryReader() : reader_(wanted(), kDepth) {}

  /// What is wrong, or nothing.
  Phrase read(std::string_view text, SummaryRead& out) {
    std::string kept;
    if (Phrase problem = read_report(text, kMostBytes, reader_, kept); !problem.empty())
      return problem;
    facts(out.facts);
    counts(out.summary);
    columns(out.summary, out.facts);
    errors(out.summary, out.facts);
    alerts(out.facts);
    unknown(out.summary, out.facts);
    warnings(out.summary, out.facts);
    notices(out.summary, out.facts);
    out.facts.notes = phrases(texts(top(kNotes), "notes"));
    out.facts.endings = phrases(texts(top(kEndings), "endings"));
    return wrong_.empty() ? Phrase() : Phrase(PhraseCode::report_bad_member, {wrong_});
  }

 private:
  [[nodiscard]] Node top(Slot slot) const noexcept { return reader_.slot(slot); }

  void refuse(std::string_view member) {
    if (wrong_.empty()) wrong_ = member;
  }

  std::string text(const Node& node, std::string_view member) {
    if (node.kind() != JsonKind::text) refuse(member);
    return node.kind() == JsonKind::text ? std::string(node.text(arena_)) : std::string();
  }
  std::string top_text(Slot slot) { return text(top(slot), kMembers[slot]); }
  std::string member_text(const Node& object, std::string_view member) {
    return text(object.member(member, arena_), member);
  }
  /// Of a member that may be left out.
  std::string text_if(const Node& object, std::string_view member) {
    const Node node = object.member(member, arena_);
    return node.exists() ? text(node, member) : std::string();
  }

  std::uint64_t number(const Node& node, std::string_view member) {
    std::uint64_t n = 0;
    const std::string_view digits = node.kind() == JsonKind::number ? node.token() : "";
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
      refuse(member);
    return n;
  }
  std::uint64_t top_number(Slot slot) { return number(top(slot), kMembers[slot]); }
  std::uint64_t member_number(const Node& object, std::string_view member) {
    return number(object.member(member, arena_), member);
  }

  /// Each item of a list, an object.
  template <typename Each>
  void each(const Node& list, std::string_view member, Each take) {
    if (list.kind() != JsonKind::list) return refuse(member);
    for (NodeCursor item(list); item.next();) {
      if (item.value().kind() != JsonKind::object) return refuse(member);
      take(item.value());
    }
  }

  static std::vector<Phrase> phrases(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
  }
  std::vector<std::string> texts(const Node& list, std::string_view member) {
    std::vector<std::string> all;
    if (list.kind() != JsonKind::list)
      refuse(member);
    else
      for (NodeCursor item(list); item.next();) all.push_back(text(item.value(), member));
    return all;
  }

  /// "2025-03-04T06:00:01.234Z" in milliseconds.
  std::int64_t instant(Slot slot) {
    const std::string text = top_text(slot);
    std::int64_t parts[7] = {};
    static constexpr char kBehind[] = "--T::.Z";
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    bool right = true;
    for (std::size_t i = 0; i < 7 && right; ++i) {
      const auto [next, error] = std::from_chars(at, end, parts[i]);
      right = error == std::errc() && next != end && *next == kBehind[i] && parts[i] >= 0;
      at = right ? next + 1 : at;
    }
    right = right && at == end && parts[0] >= 1 && parts[0] <= 9999 && parts[1] >= 1 &&
            parts[1] <= 12 && parts[2] >= 1 && parts[3] <= 23 && parts[4] <= 59 && parts[5] <= 59 &&
            parts[6] <= 999;
    const auto year = static_cast<int>(right ? parts[0] : 1970);
    const auto month = static_cast<int>(right ? parts[1] : 1);
    right = right && parts[2] <= days_in_month(year, month);
    if (!right) refuse(kMembers[slot]);
    if (!right) return 0;
    const std::int64_t days = date_of({year, month, static_cast<int>(parts[2])}).days;
    return ((days * 24 + parts[3]) * 60 + parts[4]) * 60000 + parts[5] * 1000 + parts[6];
  }

  void facts(RunFacts& facts) {
    facts.trama = top_text(kTrama);
    const std::string command = top_text(kCommand);
    facts.replay = command == "replay";
    if (!facts.replay && command != "run") refuse("command");
    facts.run = top_text(kRun);
    facts.started = instant(kStarted);
    facts.finished = instant(kFinished);
    const std::uint64_t exit = top_number(kExit);
    if (exit > 255) refuse("exit");
    facts.exit = static_cast<int>(exit);
    facts.mapping = top_text(kMapping);
    facts.mapping_file = top_text(kMappingFile);
    facts.mapping_sha256 = top_text(kMappingSha256);
    facts.zone_data = top_text(kZoneData);
    facts.output = top_text(kOutput);
    facts.output_state = top_text(kOutputState);
    if (const Node load = top(kLoad); load.kind() == JsonKind::object)
      facts.load = {member_text(load, "table"), member_number(load, "inserted"),
                    member_number(load, "updated"), member_number(load, "deleted")};
    facts.rejects = top_text(kRejects);
    facts.corrected = top_number(kCorrected);
    each(top(kInputs), "inputs", [&](const Node& input) {
      facts.inputs.push_back(member_text(input, "path"));
      facts.input_facts.push_back(input_facts(input));
    });
  }

  InputFacts input_facts(const Node& input) {
    using State = InputFacts::State;
    InputFacts facts;
    const std::string state = member_text(input, "state");
    if (state == "part")
      facts.state = State::part;
    else if (state == "read")
      facts.state = State::read;
    else if (state == "refused")
      facts.state = State::refused;
    else if (state == "imported")
      facts.state = State::imported;
    else if (state != "unread")
      refuse("state");
    if (input.member("bytes", arena_).exists()) facts.bytes = member_number(input, "bytes");
    facts.sha256 = text_if(input, "sha256");
    facts.code = text_if(input, "code");
    facts.message = text_if(input, "message");
    return facts;
  }

  void counts(Summary& s) {
    const Node records = top(kRecords);
    if (records.kind() != JsonKind::object) return refuse("records");
    s.read = member_number(records, "read");
    s.written = member_number(records, "written");
    s.rejected = member_number(records, "rejected");
    s.skipped = member_number(records, "skipped");
    s.duplicates = member_number(records, "duplicates");
    if (const Node told = top(kOperationsTold); told.kind() == JsonKind::object) {
      s.operations.emplace();
      for (std::size_t i = 0; i < kOperations; ++i)
        (*s.operations)[i] =
            member_number(told, std::string(word_of(static_cast<Operation>(i))).c_str());
    }
    s.rows = top_number(kRows);
    s.items_left_out = top_number(kItemsLeftOut);
    s.made_safe = top_number(kMadeSafe);
    s.bytes = top_number(kBytes);
  }

  void columns(Summary& s, RunFacts& facts) {
    each(top(kColumns), "columns", [&](const Node& column) {
      facts.names.columns.push_back(member_text(column, "name"));
      ColumnCounts& c = s.columns.emplace_back();
      c.missing = member_number(column, "missing");
      c.null = member_number(column, "null");
      c.empty = member_number(column, "empty");
      c.defaults = member_number(column, "defaults");
      c.wrong_not_rejected = member_number(column, "wrong_not_rejected");
      c.wrong_blank = member_number(column, "wrong_left_blank");
    });
    for (std::uint32_t i = 0; i < facts.names.columns.size(); ++i)
      if (!column_index_.try_emplace(facts.names.columns[i], i).second) refuse("columns");
  }

  std::uint32_t column_named(const std::string& column, std::string_view member) {
    const auto found = column_index_.find(column);
    if (found != column_index_.end()) return found->second;
    refuse(member);
    return 0;
  }

  /// A rule is known by what is said of it: the file has no list of them.
  About about(const Node& node, RunFacts& facts) {
    const std::string kind = text_if(node, "kind");
    const std::string where = text_if(node, "where");
    if (kind == "column") return {About::Kind::column, column_named(where, "where")};
    if (kind == "rule") {
      const auto [found, is_new] =
          rule_index_.try_emplace(where, static_cast<std::uint32_t>(facts.names.rules.size()));
      if (is_new) facts.names.rules.push_back({where, {}});
      return {About::Kind::rule, found->second};
    }
    if (!kind.empty()) refuse("kind");
    if (where.empty()) return {};
    if (where != "duplicates") refuse("where");
    return {About::Kind::duplicates};
  }

  Tally tally(const Node& node, RunFacts& facts) {
    Tally tally;
    tally.count = member_number(node, "count");
    const Node first = node.member("first", arena_);
    if (first.kind() != JsonKind::object) {
      refuse("first");
      return tally;
    }
    tally.first.source = std::numeric_limits<std::size_t>::max();
    if (first.member("file", arena_).exists())
      tally.first.source = file_named(member_text(first, "file"), facts);
    tally.first.record = member_number(first, "record");
    tally.first.line = member_number(first, "line");
    tally.first.id = text_if(first, "id");
    tally.first.item = text_if(first, "item");
    return tally;
  }

  /// Of a replay the records are from dumps, which the file does not list.
  std::size_t file_named(const std::string& file, RunFacts& facts) {
    std::vector<std::string>& files = facts.replay ? facts.dumps : facts.inputs;
    if (file_index_.empty())
      for (std::size_t i = 0; i < files.size(); ++i) file_index_.try_emplace(files[i], i);
    const auto [found, is_new] = file_index_.try_emplace(file, files.size());
    if (is_new && !facts.replay) refuse("file");
    if (is_new && facts.replay) files.push_back(file);
    return found->second;
  }

  void errors(Summary& s, RunFacts& facts) {
    each(top(kErrors), "errors", [&](const Node& error) {
      const auto code = code_named<RecordCode>(member_text(error, "code"), kRecordCodes);
      if (!code) return refuse("code");
      const About at = about(error, facts);
      if (!s.errors.try_emplace({*code, at}, tally(error, facts)).second) refuse("errors");
    });
  }

  void alerts(RunFacts& facts) {
    each(top(kAlerts), "alerts", [&](const Node& alert) {
      const auto code = code_named<NoticeCode>(member_text(alert, "code"), kNoticeCodes);
      if (!code) return refuse("code");
      const std::vector<std::string> values = texts(alert.member("values", arena_), "values");
      facts.alerts.push_back({*code, text_if(alert, "where"), {values.begin(), values.end()}});
    });
  }

  ToldValue value(const Node& node) {
    using Form = ToldValue::Form;
    ToldValue value;
    for (NodeCursor member(node); member.next();) {
      const std::string form(member.key().text(arena_));
      value.form = form == "plain"    ? Form::plain
                   : form == "quoted" ? Form::quoted
                   : form == "hidden" ? Form::hidden
                                      : Form::none;
      value.text = text(member.value(), "values");
      if (value.form == Form::none) refuse("values");
    }
    return value;
  }

  Told told(const Node& kind) {
    Told told;
    told.reason = reason_of(member_text(kind, "reason"));
    if (told.reason == Reason::none) refuse("reason");
    std::size_t count = 0;
    each(kind.member("values", arena_), "values", [&](const Node& node) {
      if (count > 1) return refuse("values");
      (count++ == 0 ? told.a : told.b) = value(node);
    });
    return told;
  }

  static bool is_form(std::string_view word, TableHome& table) {
    using Form = TableHome::Form;
    table.form = word == "yaml"          ? Form::block
                 : word == "yaml-braces" ? Form::flow
                 : word == "json"        ? Form::json
                 : word == "csv"         ? Form::csv
                                         : Form::unclear;
    return table.form != Form::unclear;
  }

  TableHome table_home(const Node& node) {
    TableHome table;
    table.name = member_text(node, "name");
    const Node in_dump = node.member("in_dump", arena_);
    if (in_dump.exists()) table.form = TableHome::Form::dump;
    if (in_dump.exists() && in_dump.raw() != "true") refuse("in_dump");
    if (!in_dump.exists() && node.member("form", arena_).exists()) {
      if (!is_form(member_text(node, "form"), table)) refuse("form");
      table.last = member_text(node, "last");
      table.line = member_text(node, "line");
    }
    return table;
  }

  std::string unknown_key(const Node& value) {
    std::string key;
    bool first = true;
    for (const std::string& part : texts(value.member("key", arena_), "key")) {
      if (part.find(kBetweenKeyParts) != std::string::npos) refuse("key");
      if (!first) key += kBetweenKeyParts;
      key += part;
      first = false;
    }
    if (first) refuse("key");
    return key;
  }

  /// Missing in files of versions that did not write it. Places are numbered as they come.
  void unknown(Summary& s, RunFacts& facts) {
    if (!top(kUnknown).exists()) return;
    each(top(kUnknown), "unknown_values", [&](const Node& node) {
      Summary::Unknown those;
      const std::uint32_t column = column_named(member_text(node, "column"), "column");
      const auto place = static_cast<std::uint32_t>(facts.names.places.size());
      const bool placed = node.member("mapping_at", arena_).exists();
      facts.names.places.push_back(text_if(node, "mapping_at"));
      if (!placed) refuse("mapping_at");
      those.reason = reason_of(member_text(node, "reason"));
      if (code_of(those.reason) != RecordCode::lookup_unknown) refuse("reason");
      those.tally = tally(node, facts);
      const Node hidden = node.member("hidden", arena_);
      those.hidden = hidden.exists();
      if (hidden.exists() && hidden.raw() != "true") refuse("hidden");
      std::size_t count = 0;
      each(node.member("values", arena_), "values", [&](const Node& value) {
        if (++count > UnknownValues::kKept) return refuse("values");
        const std::uint64_t times = member_number(value, "count");
        if (times == 0) refuse("count");
        those.values.restore(unknown_key(value), times);
      });
      if (those.values.most_frequent().size() != count) refuse("values");
      those.values.restore_not_kept(member_number(node, "not_listed"));
      if (const Node table = node.member("table", arena_); table.exists())
        facts.names.tables[place] = table_home(table);
      s.unknown.emplace(std::pair(column, place), std::move(those));
    });
  }

  void warnings(Summary& s, RunFacts& facts) {
    const Node all = top(kWarnings);
    if (all.kind() != JsonKind::object) return refuse("warnings");
    each(all.member("kinds", arena_), "kinds", [&](const Node& kind) {
      Summary::Warning warning;
      warning.about = about(kind, facts);
      if (kind.member("reason", arena_).exists()) {
        warning.told = told(kind);
      } else {
        const auto code = code_named<NoticeCode>(member_text(kind, "code"), kNoticeCodes);
        if (!code) return refuse("code");
        warning.notice = *code;
      }
      warning.tally = tally(kind, facts);
      if (warning.told.reason == Reason::rule && warning.told.a.text.empty() &&
          warning.about.kind == About::Kind::rule)
        facts.names.rules[warning.about.index].message = member_text(kind, "message");
      if (const Node message = kind.member("column_message", arena_);
          message.exists() && warning.about.kind == About::Kind::column) {
        facts.names.column_messages.resize(facts.names.columns.size());
        facts.names.column_messages[warning.about.index] = member_text(kind, "column_message");
      }
      s.add_kind(std::move(warning));
    });
    const Node codes = all.member("codes", arena_);
    if (codes.exists()) warning_codes(codes, s, facts);
    s.warnings = member_number(all, "count");
    s.warnings_not_kept = member_number(all, "not_listed");
  }

  void warning_codes(const Node& codes, Summary& s, RunFacts& facts) {
    each(codes, "codes", [&](const Node& node) {
      Summary::WarningCode code;
      code.about = about(node, facts);
      const std::string word = member_text(node, "code");
      if (const auto record = code_named<RecordCode>(word, kRecordCodes)) {
        code.code = static_cast<std::uint8_t>(*record);
      } else if (const auto notice = code_named<NoticeCode>(word, kNoticeCodes)) {
        code.is_notice = true;
        code.code = static_cast<std::uint8_t>(*notice);
      } else {
        return refuse("code");
      }
      if (!s.warning_codes.try_emplace(code, tally(node, facts)).second) refuse("codes");
    });
  }

  void notices(Summary& s, RunFacts& facts) {
    each(top(kNotices), "notices", [&](const Node& notice) {
      const auto code = code_named<NoticeCode>(member_text(notice, "code"), kNoticeCodes);
      if (!code) return refuse("code");
      const std::uint32_t column = column_named(member_text(notice, "column"), "column");
      if (!s.notices.try_emplace({column, *code}, tally(notice, facts)).second) refuse("notices");
    });
  }

  RecordReader reader_;
  Arena arena_;
  std::string wrong_;  // the first member that is not as it should be
  std::unordered_map<std::string, std::uint32_t, Summary::TextHash> column_index_;
  std::unordered_map<std::string, std::uint32_t, Summary::TextHash> rule_index_;
  std::unordered_map<std::string, std::size_t, Summary::TextHash> file_index_;
};

}  // namespace

Result<SummaryRead> read_summary(std::string_view text, const std::string& name) {
  SummaryRead read;
  Phrase wrong = SummaryReader().read(text, read);
  if (!wrong.empty())
    return Failure{FailureCode::file_unreadable,
                   {name, Phrase(PhraseCode::report_no_summary, {std::move(wrong)})}};
  return read;
}

}  // namespace trama
