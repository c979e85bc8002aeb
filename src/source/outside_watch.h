// OutsideWatch: collects the whole value at a path beside the records of a document: the tables
// that travel in it, or the count of its records.

#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "source/path_watch.h"
#include "source/source.h"

namespace trama {

class OutsideWatch {
 public:
  /// `keys` must outlive this. Of the value at most `most_bytes` are kept.
  OutsideWatch(std::span<const std::string> keys, std::size_t most_bytes)
      : watch_(keys), most_bytes_(most_bytes) {}

  /// `from` to `to`: the bytes that led to `event`.
  void event(const JsonChecker& checker, JsonChecker::Event event, const char* from,
             const char* to);
  /// What was found; gives it away.
  OutsideValue take();
  /// Begins anew, for another document.
  void reset(std::size_t most_bytes);

 private:
  void begin(const JsonChecker& checker);

  PathWatch watch_;
  std::size_t most_bytes_;
  bool collecting_ = false;
  std::size_t around_ = 0;  // containers around what is collected
  OutsideValue value_;
};

}  // namespace trama
