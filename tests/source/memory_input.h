// Inputs in memory for the tests of Source: read in pieces of any size, failing where a test says.

#pragma once

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "source/byte_stream.h"
#include "source/over_streams.h"
#include "source/source.h"
#include "text/catalogue.h"

namespace trama {

struct MemoryInput {
  std::string bytes;
  std::function<std::size_t()> piece = nullptr;  // bytes of the next read; all where it is empty
  int fails_at_read = 0;                         // the nth read fails, from 1
  std::string changed = "";                      // how it changed while it was read
};

class MemoryBytes final : public RawBytes {
 public:
  explicit MemoryBytes(MemoryInput input) : input_(std::move(input)) {}

  std::ptrdiff_t read(char* out, std::size_t size) noexcept override {
    if (++reads_ == input_.fails_at_read) {
      errno = EIO;
      return -1;
    }
    if (input_.piece) size = std::min(size, std::max<std::size_t>(1, input_.piece()));
    size = std::min(size, input_.bytes.size() - at_);
    std::memcpy(out, input_.bytes.data() + at_, size);
    at_ += size;
    return static_cast<std::ptrdiff_t>(size);
  }
  [[nodiscard]] Phrase changed() const override { return input_.changed; }

 private:
  MemoryInput input_;
  std::size_t at_ = 0;
  int reads_ = 0;
};

inline std::unique_ptr<Source> source_of(std::vector<MemoryInput> inputs,
                                         const SourceOptions& options) {
  std::vector<std::unique_ptr<ByteStream>> streams;
  std::vector<std::string> names;
  for (MemoryInput& input : inputs) {
    names.push_back("input" + std::to_string(streams.size() + 1));
    streams.push_back(std::make_unique<ByteStream>(
        names.back(), std::make_unique<MemoryBytes>(std::move(input))));
  }
  return source_over(std::move(streams), std::move(names), options);
}

/// A whole source as text: a line a frame, "number line:column @byte kind size [key] data",
/// then its trouble.
inline std::string told(Source& source) {
  std::string out;
  Split split;
  std::size_t input = 0;
  while (source.next(split)) {
    if (split.source != input) out += "---\n";
    input = split.source;
    for (std::size_t i = 0; i < split.frames.size(); ++i) {
      const Frame& frame = split.frames[i];
      out += std::to_string(frame.number) + ' ' + std::to_string(frame.line) + ':' +
             std::to_string(frame.column) + " @" + std::to_string(frame.byte) + ' ';
      if (frame.kind == FrameKind::too_big) out += "too_big ";
      if (frame.kind == FrameKind::broken) out += "broken ";
      if (frame.kind == FrameKind::no_records)
        out += "no records: " + say(Language::en, split.found_instead.at(i)) + ": ";
      if (frame.kind == FrameKind::error_answer)
        out += "error: " + say(Language::en, split.found_instead.at(i)) + ": ";
      if (frame.whole_size != frame.size) out += "of " + std::to_string(frame.whole_size) + ' ';
      if (!frame.key.empty()) out += "<" + std::string(frame.key) + "> ";
      out += std::string(frame.data, frame.size) + '\n';
    }
  }
  if (source.trouble()) out += "! " + say(Language::en, *source.trouble()) + '\n';
  return out;
}

inline std::string told(std::string bytes, const SourceOptions& options) {
  return told(*source_of({{.bytes = std::move(bytes)}}, options));
}

}  // namespace trama
