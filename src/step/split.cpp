// split: one part of a text such as DBL.ST or 164|54206|0.

#include "base/phrase_codes.h"
#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

/// The n-th part, from 1; false where there are fewer.
bool part_from_front(std::string_view text, std::string_view by, std::int64_t n,
                     std::string_view& part) noexcept {
  for (; n > 1; --n) {
    const std::size_t mark = text.find(by);
    if (mark == std::string_view::npos) return false;
    text.remove_prefix(mark + by.size());
  }
  part = text.substr(0, text.find(by));
  return true;
}

bool part_from_back(std::string_view text, std::string_view by, std::int64_t n,
                    std::string_view& part) noexcept {
  for (; n > 1; --n) {
    const std::size_t mark = text.rfind(by);
    if (mark == std::string_view::npos) return false;
    text = text.substr(0, mark);
  }
  const std::size_t mark = text.rfind(by);
  part = mark == std::string_view::npos ? text : text.substr(mark + by.size());
  return true;
}

Reason split(const StepArgs* args, Value& value, StepContext& /*context*/) noexcept {
  const auto& asked = static_cast<const SplitArgs&>(*args);
  std::string_view part;
  const bool there = asked.take > 0 ? part_from_front(value.text(), asked.by, asked.take, part)
                                    : part_from_back(value.text(), asked.by, -asked.take, part);
  value = Value::text(there ? part : std::string_view{});
  return Reason::none;
}

std::shared_ptr<const StepArgs> compile(const StepTold& told, StepCompiler& compiler) {
  auto args = std::make_shared<SplitArgs>();
  args->by = told.value("by")->text.text;
  const StepTold::Value* const take = told.value("take");
  args->take = take == nullptr ? 0 : take->count.count;
  if (!args->by.empty()) return args;
  compiler.error(DiagnosticCode::value_wrong, told.value("by")->span,
                 {"", "by", PhraseCode::write_what_is_between_the_parts});
  return nullptr;
}

constexpr StepWord kWords[] = {
    {.name = "split", .form = Form::map, .about = "Cuts a text at a mark: one part, or all."}};
constexpr StepWord kMap[] = {
    {.name = "by",
     .form = Form::text,
     .about = "What stands between the parts.",
     .missing = PhraseCode::write_the_separator_of_parts},
    {.name = "take",
     .form = Form::position,
     .about =
         "Which part: 1 is the first, -1 the last; all unless stated, for join, total or type: json."},
};
constexpr Example kExamples[] = {
    {.title = "The first part",
     .column = R"(split: {by: ".", take: 1})",
     .in = R"("DBL.ST")",
     .out = "DBL"},
    {.title = "The last part",
     .column = R"(split: {by: "|", take: -1})",
     .in = R"("164|54206|0")",
     .out = "0"},
    {.title = "Without the mark, the first part is all",
     .column = R"(split: {by: ".", take: 1})",
     .in = R"("DBL")",
     .out = "DBL"},
    {.title = "All parts, each through the steps and the lookup",
     .column = R"(split: {by: ";"}, text: trim, lookup: {WIFI: Wifi, POOL: Piscina}, join: " y ")",
     .in = R"("WIFI; POOL;")",
     .out = "Wifi y Piscina"},
    {.title = "All parts as a JSON list",
     .column = R"(type: json, split: {by: ";"})",
     .in = R"("DBL;SGL")",
     .out = R"("[""DBL"",""SGL""]")"},
    {.title = "A sum of all parts",
     .column = R"(type: decimal, split: {by: "+"}, total: sum)",
     .in = R"("120.50+30")",
     .out = "150.50"},
    {.title = "A part that is not there is blank",
     .column = R"(split: {by: ".", take: 2})",
     .in = R"("DBL")",
     .out = ""},
};

}  // namespace

constinit const StepSpec kSplit{
    .name = "split",
    .family = StepFamily::other,
    .word = "split",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Cuts a text at a mark and takes one of the parts, or all.",
    .doc =
        "Parts count from 1, and from the end with -1, -2. A part that is not there leaves the "
        "value blank. Without take all parts go on as several values do: each through replace, "
        "text, pad and lookup, then join, total or, with type: json, into a list of texts; blank "
        "parts are left out. The mark is a plain text, not a pattern.",
    .source = "trama",
    .errors = {},
    .examples = kExamples,
    .fn = split,
    .time = StepTime::before_text,
    .words = kWords,
    .map = kMap,
    .compile = compile,
};

}  // namespace trama
