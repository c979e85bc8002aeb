// DumpEntries: what lookup tables and rates that travel in a dump have in common: the entries of an
// object or the items of a list, one after another. Only for run/dump_*.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/phrase.h"
#include "base/result.h"
#include "json/record_reader.h"

namespace trama {

constexpr std::size_t kMaxDumpTableEntries = 1000000;

/// Each step that finds the table wrong says so with wrong() and gives false.
class DumpEntries {
 public:
  /// `memory`: bytes that the table may take.
  explicit DumpEntries(std::size_t memory) : memory_(memory) {}
  virtual ~DumpEntries() = default;
  DumpEntries(const DumpEntries&) = delete;
  DumpEntries& operator=(const DumpEntries&) = delete;

  /// Reads the table; false: failure() says why.
  bool read(std::string_view json);
  /// Bytes that it takes.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// table_invalid or table_memory, of the table called `name` at `path`.
  [[nodiscard]] Failure failure(const Phrase& input, const std::string& name,
                                const std::string& path) const;

 protected:
  bool wrong(Phrase problem) {
    problem_ = std::move(problem);
    return false;
  }
  /// Notes that the table takes so many bytes more; false where that is too much.
  bool take(std::size_t bytes) {
    bytes_ += bytes;
    return bytes_ <= memory_;
  }
  /// The text of what stands at `path` in an entry; of null nothing.
  bool text_at(Node node, const KeyPath& path, std::string& out);
  /// The text of one JSON value; false where it is none.
  static bool text_of(std::string_view json, std::string& out);
  /// The key of the entry at hand, of an object.
  [[nodiscard]] std::string_view entry_key() const noexcept { return entry_key_; }
  /// "its entry 3", "the entry 'EUR'": the one at hand.
  [[nodiscard]] Phrase where() const;
  static std::string joined(const KeyPath& path);

 private:
  /// Whether the table may be a list.
  virtual bool takes_list() = 0;
  /// The next entry, or item.
  virtual bool entry(const NodeCursor& cursor) = 0;
  /// All have come.
  virtual bool end() { return true; }
  bool entries(const Node& all);

  std::size_t memory_;
  std::size_t bytes_ = 0;
  Arena arena_;
  bool object_ = false;
  std::string_view entry_key_;
  std::size_t number_ = 0;
  Phrase problem_;
};

}  // namespace trama
