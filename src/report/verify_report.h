// What `trama verify` finds: each refused event as a JSON line (schemas/refused-event.schema.json),
// and all of it for people and as JSON (schemas/verify.schema.json).

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/language.h"

namespace trama {

constexpr std::size_t kShownRefusals = 5;  // of a code

struct RefusedEvent {
  std::optional<std::string>
      id;  // where it is known; of a signature that is wrong: what is claimed
  std::string code;
  std::string message;  // in the language of the files
  std::string shown;    // in that of the screen
  std::string file;     // as on the command line; "-" is standard input
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
};

struct VerifyReport {
  struct Secret {
    std::string name;  // of its environment variable
    std::uint64_t accepted = 0;
  };
  struct Refusals {
    std::uint64_t count = 0;
    std::vector<RefusedEvent> first;
  };
  std::string scheme;
  bool signs_time = false;
  bool has_ids = false;
  std::optional<std::int64_t> window;  // seconds
  std::uint64_t read = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::vector<Secret> secrets;
  std::map<std::string, Refusals> codes;

  void add(const RefusedEvent& event);
};

/// One JSON line.
std::string refused_line(const RefusedEvent& event);
/// For the screen, at most 100 columns.
std::string verify_text(const VerifyReport& report, Language language);
std::string verify_json(const VerifyReport& report);

}  // namespace trama
