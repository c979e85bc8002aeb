#include <doctest/doctest.h>

#include <random>
#include <string>

#include "report/summary.h"
#include "text/catalogue.h"

using namespace trama;

namespace {

constexpr const char* kTexts[] = {"",  "a",           "é ñ",      "\"x\\\n",   "col,umn",
                                  "a", "rooms[2], 3", "\x1f\x01", "duplicates"};

/// Any summary, by a seed.
class Made {
 public:
  explicit Made(unsigned seed) : random_(seed) {}

  SummaryRead summary() {
    SummaryRead made;
    facts(made.facts);
    counts(made.summary);
    for (std::size_t n = up_to(6); n > 0; --n)
      made.summary.errors[{one_of<RecordCode>(1, 40), about()}] = tally();
    for (std::size_t n = up_to(8); n > 0; --n) warn(made.summary);
    made.summary.warnings_not_kept = number();
    for (std::size_t n = up_to(3); n > 0; --n) unknown(made);
    for (std::size_t n = up_to(4); n > 0; --n)
      made.summary
          .notices[{static_cast<std::uint32_t>(up_to(kColumns - 1)), one_of<NoticeCode>(2, 8)}] =
          tally();
    return made;
  }

 private:
  static constexpr std::size_t kColumns = 5;

  std::size_t up_to(std::size_t most) { return random_() % (most + 1); }
  std::uint64_t number() {
    return up_to(3) == 0 ? UINT64_MAX - up_to(3) : static_cast<std::uint64_t>(up_to(1000));
  }
  std::string text() { return kTexts[up_to(std::size(kTexts) - 1)]; }
  template <typename Code>
  Code one_of(std::size_t from, std::size_t to) {
    return static_cast<Code>(from + up_to(to - from));
  }
  About about() {
    const auto index = static_cast<std::uint32_t>(up_to(kColumns - 1));
    switch (up_to(2)) {
      case 0:
        return {};
      case 1:
        return {About::Kind::column, index};
      default:
        return {About::Kind::rule, index % 3};
    }
  }
  ToldValue value() {
    ToldValue value{one_of<ToldValue::Form>(0, 3)};
    if (value.form == ToldValue::Form::plain || value.form == ToldValue::Form::quoted)
      value.text = text();
    return value;
  }
  Tally tally() { return {number(), {up_to(1), number(), number(), text(), text()}}; }
  void warn(Summary& s) {
    Summary::Warning kind;
    if (up_to(6) == 0) {
      kind.about = {About::Kind::duplicates};
      kind.notice = NoticeCode::duplicate_key_blank;
    } else {
      kind.about = about();
      do kind.told.reason = one_of<Reason>(1, 100);
      while (kind.told.reason == Reason::rule);
      kind.told.a = value();
      kind.told.b = value();
    }
    s.warn(kind, tally().first, text());
  }
  void unknown(SummaryRead& made) {
    const auto place = static_cast<std::uint32_t>(made.facts.names.places.size());
    made.facts.names.places.push_back(text());
    Summary::Unknown& those = made.summary.unknown[{
        static_cast<std::uint32_t>(up_to(kColumns - 1)), place}];
    those.reason = up_to(1) == 0 ? Reason::not_in_table : Reason::unknown_kept;
    those.tally = tally();
    those.hidden = up_to(3) == 0;
    for (std::size_t n = up_to(5); n > 0; --n)
      those.values.restore(text() + (up_to(3) == 0 ? "\x1e" "b" : ""), 1 + up_to(100));
    those.values.restore_not_kept(up_to(100));
    if (up_to(3) == 0) return;
    TableHome& table = made.facts.names.tables[place];
    table = {one_of<TableHome::Form>(0, 4), text(), {}, {}};
    if (table.form > TableHome::Form::dump) table.last = "m.yaml:3:4", table.line = text();
  }
  void facts(RunFacts& facts) {
    facts.replay = up_to(1) == 0;
    facts.run = text();
    facts.started = static_cast<std::int64_t>(up_to(4000000000)) * 1000 + 7;
    facts.finished = -static_cast<std::int64_t>(up_to(4000000000)) * 10;
    facts.exit = static_cast<int>(up_to(143));
    facts.mapping = text();
    facts.inputs = {"one", "two"};
    facts.input_facts = {{InputFacts::State::read, number(), "00ff", "", ""},
                         {InputFacts::State::refused, 0, "", "CODE", text()}};
    if (facts.replay) facts.dumps = {"x", "y"};
    facts.output_state = text();
    facts.corrected = number();
    facts.names.columns = {"A", "C", "B", "duplicates", ""};
    facts.names.rules = {{"A", "m"}, {"r", ""}, {"", "of nothing"}};
    facts.alerts = {{NoticeCode::warn_above, text(), {text(), text()}}};
    facts.notes = {text(), text()};
    facts.endings = {text()};
  }
  void counts(Summary& s) {
    for (std::uint64_t* n : {&s.read, &s.written, &s.rejected, &s.skipped, &s.duplicates, &s.rows,
                             &s.bytes, &s.items_left_out, &s.made_safe})
      *n = number();
    s.columns.resize(kColumns);
    for (ColumnCounts& c : s.columns) c = {number(), 1, 2, 3, number(), number()};
  }

  std::mt19937 random_;
};

std::string written(const SummaryRead& read) {
  return summary_json(read.summary, read.facts);
}

/// A text with something of it changed, taken away or doubled.
std::string damaged(std::string text, std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {
      "{",    "}", "[", "]", "\"", ",", ":", "null", "-1", "1e3", "99999999999999999999",
      "\xff", "{}"};
  for (auto n = 1 + random() % 3; n > 0; --n) {
    const std::size_t at = random() % text.size();
    const std::size_t size = random() % std::min<std::size_t>(20, text.size() - at);
    switch (random() % 4) {
      case 0:
        text.replace(at, size, kPieces[random() % std::size(kPieces)]);
        break;
      case 1:
        text.erase(at, size);
        break;
      case 2:
        text.insert(at, text.substr(at, size));
        break;
      default:
        text[at] = static_cast<char>(random());
    }
    if (text.empty()) return text;
  }
  return text;
}

}  // namespace

TEST_CASE("read_summary: what was read is written again with the same bytes") {
  for (unsigned seed = 0; seed < 400; ++seed) {
    const std::string once = written(Made(seed).summary());
    Result<SummaryRead> read = read_summary(once, "s.json");
    INFO(once);
    INFO((read.ok() ? "" : say(Language::en, read.failure())));
    REQUIRE(read.ok());
    CHECK(written(read.value()) == once);
  }
}

TEST_CASE("read_summary: what it counts is there again") {
  const SummaryRead made = Made(11).summary();
  Result<SummaryRead> read = read_summary(written(made), "s.json");
  REQUIRE(read.ok());
  const Summary& s = read.value().summary;
  CHECK(s.read == made.summary.read);
  CHECK(s.columns[4].blanks() == made.summary.columns[4].blanks());
  REQUIRE(s.warning_kinds.size() == made.summary.warning_kinds.size());
  for (std::size_t i = 0; i < s.warning_kinds.size(); ++i)
    CHECK(s.warning_kinds[i].told == made.summary.warning_kinds[i].told);
  CHECK(read.value().facts.started == made.facts.started);
  CHECK(read.value().facts.finished == made.facts.finished);
}

TEST_CASE("read_summary: another text gives a Failure") {
  const std::string good = written(Made(3).summary());
  const auto with = [&good](std::string_view part, std::string_view other) {
    std::string text = good;
    const std::size_t at = text.find(part);
    REQUIRE(at != std::string::npos);
    return text.replace(at, part.size(), other);
  };
  struct Case {
    std::string text;
    const char* why;
  };
  const Case cases[] = {
      {"", "it is no JSON object"},
      {"[]", "it is no JSON object"},
      {"{}", "trama"},
      {std::string(100, '['), "it is no JSON object"},
      {good + good, "it is no JSON object"},
      {good.substr(0, good.size() / 2), "it is no JSON object"},
      {with("\"exit\": ", "\"exit\": 99"), "exit"},
      {with("\"rows\": ", "\"rows\": -"), "rows"},
      {with("\"run\"", "\"RUN\""), "run"},
      {with("\"state\": \"read\"", "\"state\": \"reed\""), "state"},
      {with("\"started\": \"", "\"started\": \"9"), "started"},
      {with("\"columns\": [{", "\"columns\": [7, {"), "columns"},
      {with("\"name\": \"C\"", "\"name\": \"A\""), "columns"},
      {with("\"name\": \"A\"", "\"name\": \"Z\\u0000\", \"name\": \"A\""), "it is no JSON object"},
      {with("\"WARN_ABOVE\"", "\"WARM_ABOVE\""), "code"},
      {with("\"count\": ", "\"count\": 1e"), "count"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    Result<SummaryRead> read = read_summary(c.text, "s.json");
    REQUIRE(!read.ok());
    CHECK(read.failure().code == FailureCode::file_unreadable);
    CHECK(say(Language::en, read.failure()).find("s.json") == 0);
    CHECK(say(Language::en, read.failure()).find(c.why) != std::string::npos);
  }
}

TEST_CASE("read_summary: a damaged file is read or refused, and what is read can be written") {
  std::mt19937 random(7);
  std::size_t refused = 0;
  for (unsigned round = 0; round < 4000; ++round) {
    const std::string text = damaged(written(Made(round % 50).summary()), random);
    Result<SummaryRead> read = read_summary(text, "s.json");
    if (!read.ok()) {
      ++refused;
      continue;
    }
    const std::string again = written(read.value());
    Result<SummaryRead> second = read_summary(again, "s.json");
    INFO(text);
    INFO(again);
    REQUIRE(second.ok());
    CHECK(written(second.value()) == again);
  }
  CHECK(refused > 1000);
  CHECK(refused < 4000);
}
