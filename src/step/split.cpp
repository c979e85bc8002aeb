// split: one part of a text such as DBL.ST or 164|54206|0.

#include "step/args.h"
#include "step/step.h"

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
    .summary = "Cuts a text at a mark and takes one of the parts.",
    .doc =
        "Parts count from 1, and from the end with -1, -2. A part that is not there leaves the "
        "value blank. The mark is a plain text, not a pattern.",
    .source = "trama",
    .errors = {},
    .examples = kExamples,
    .fn = split,
};

}  // namespace trama
