// Page: an answer that is looked into for where the next one is, or for its times.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/phrase.h"
#include "json/record_reader.h"
#include "mapping/mapping.h"

namespace trama {

class Page {
 public:
  /// Reads an answer, which must be one whole JSON object or list. Gives what is wrong with it, or an
  /// empty phrase. What was read before is gone.
  Phrase read(std::string bytes);

  [[nodiscard]] Node root() const noexcept { return reader_.root(); }
  /// The value at a path that leads to one, or a missing Node.
  [[nodiscard]] Node at(const Path& path);
  /// Whether there is something to look in for the last key of `path`: in `meta.after`, an object `meta`.
  [[nodiscard]] bool has_above(const Path& path);
  /// The keys of the answer, where it is an object.
  [[nodiscard]] std::vector<std::string> keys();
  [[nodiscard]] bool has_key(const std::string& key);
  /// Every value at `path`, in their order, until `take` gives false.
  void each(const Path& path, const std::function<bool(const Node&)>& take);
  /// A text or number.
  [[nodiscard]] std::string text_of(const Node& node);

 private:
  Node walk(const Path& path, std::size_t steps);
  bool each_below(const Node& node, const Path& path, std::size_t step,
                  const std::function<bool(const Node&)>& take);
  Node step_into(const Node& node, const Path::Step& step, bool pointer);

  static WantedFields wanted();
  Arena arena_;
  std::string bytes_;
  RecordReader reader_{wanted()};
};

}  // namespace trama
