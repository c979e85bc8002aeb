// What the arguments of several steps need: RE2 patterns.

#include "step/args.h"

#include <re2/re2.h>

namespace trama {
namespace {

/// What RE2 may take for a pattern: a usual one needs the least, one of many characters more. RE2 is
/// slower where this is little, and finds the same.
constexpr std::int64_t kPatternBytes[] = {std::int64_t{128} * 1024, std::int64_t{1024} * 1024,
                                          std::int64_t{8} * 1024 * 1024};

/// RE2's \C is one byte and not one character: what it matches is not always text. Found as RE2
/// reads a pattern: behind a backslash, but not between \Q and \E.
bool has_byte_escape(std::string_view pattern) noexcept {
  for (std::size_t at = 0; at + 1 < pattern.size(); ++at) {
    if (pattern[at] != '\\') continue;
    ++at;
    if (pattern[at] == 'C') return true;
    if (pattern[at] != 'Q') continue;
    const std::size_t end = pattern.find("\\E", at);
    if (end == std::string_view::npos) return false;
    at = end + 1;
  }
  return false;
}

}  // namespace

std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string& problem,
                                                PatternPool* pool) {
  if (has_byte_escape(pattern)) {
    problem = "\\C matches a single byte, which may be a part of a character; write . instead";
    return nullptr;
  }
  if (pool != nullptr)
    if (const auto known = pool->compiled_.find(pattern); known != pool->compiled_.end())
      return known->second;
  re2::RE2::Options options;
  options.set_log_errors(false);
  std::shared_ptr<const re2::RE2> compiled;
  for (const std::int64_t bytes : kPatternBytes) {
    options.set_max_mem(bytes);
    compiled =
        std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (compiled->ok() || compiled->error_code() != re2::RE2::ErrorPatternTooLarge) break;
  }
  if (!compiled->ok()) {
    problem = compiled->error();
    return nullptr;
  }
  if (pool != nullptr) {
    pool->compiled_.emplace(pattern, compiled);
    pool->bytes_ += static_cast<std::size_t>(options.max_mem());
  }
  return compiled;
}

bool compile_replacement(std::string_view pattern, std::string_view with, ReplaceArgs::One& out,
                         std::string& problem, PatternPool* pool) {
  out.pattern = compile_pattern(pattern, problem, pool);
  out.with = with;
  out.may_match_inside = pattern.find("\\B") != std::string_view::npos;
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
