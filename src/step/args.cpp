// What the arguments of several steps need: RE2 patterns.

#include "step/args.h"

#include <re2/re2.h>

namespace trama {
namespace {

/// Of one compiled pattern and its automata; RE2 goes on with a slower method that needs less.
constexpr std::int64_t kPatternBytes = std::int64_t{8} * 1024 * 1024;

}  // namespace

std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string& problem) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  auto compiled =
      std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (compiled->ok()) return compiled;
  problem = compiled->error();
  return nullptr;
}

bool compile_replacement(std::string_view pattern, std::string_view with, ReplaceArgs::One& out,
                         std::string& problem) {
  out.pattern = compile_pattern(pattern, problem);
  out.with = with;
  if (out.pattern == nullptr) return false;
  std::string in_its_words;
  if (out.pattern->CheckRewriteString(out.with, &in_its_words)) return true;
  const int wanted = re2::RE2::MaxSubmatch(out.with);
  const int groups = out.pattern->NumberOfCapturingGroups();
  problem = wanted > groups
                ? "what is written in its place names group \\" + std::to_string(wanted) +
                      ", and the pattern has " + std::to_string(groups) + " pairs of parentheses"
                : "behind a backslash stands the number of a group, or a backslash";
  return false;
}

}  // namespace trama
