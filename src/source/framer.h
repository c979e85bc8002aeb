// Framer: finds where records begin and end in the bytes of one input. LineFramer for NDJSON,
// DocumentFramer for JSON documents one after another, each with a list of records, the entries of
// an object, or one object.
//
// A framer sees the bytes of a Block as they come:
// what it finds may not depend on where they were cut.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "source/block.h"

namespace trama {

class Framer {
 public:
  virtual ~Framer() = default;
  Framer(const Framer&) = delete;
  Framer& operator=(const Framer&) = delete;

  /// Takes the bytes from block.scanned() to block.end(): all of them, unless trouble or
  /// block.full() stops it.
  virtual void scan(Block& block) = 0;
  /// There are no more bytes: gives the last record, and the trouble of an input that may
  /// not end here.
  virtual void finish(Block& block) = 0;
  [[nodiscard]] const std::optional<Failure>& trouble() const noexcept { return trouble_; }

  /// A document whose first record is at an index of the split's frames; from 0, among those that
  /// have records. (All lines of NDJSON are one.)
  struct DocumentStart {
    std::size_t frame = 0;
    std::size_t document = 0;
  };
  /// From now on document_starts() is filled.
  void mark_documents() noexcept { marks_documents_ = true; }
  /// Those of the frames since it was cleared.
  [[nodiscard]] std::vector<DocumentStart>& document_starts() noexcept { return document_starts_; }
  /// By document that has records, what was found at the paths of SourceOptions::outside so far;
  /// gives it away.
  virtual std::vector<std::vector<OutsideValue>> take_outside() { return {}; }
  /// The first document whose own count (SourceOptions::count_at) is not that of its records.
  [[nodiscard]] const std::optional<Failure>& count_differs() const noexcept {
    return count_differs_;
  }

 protected:
  /// `name`: the input, as messages call it. Both must outlive the framer.
  Framer(const Phrase& name, const SourceOptions& options) : name_(name), options_(options) {}
  void fail(FailureCode code, std::vector<Phrase> values) { fail({code, std::move(values)}); }
  void fail(Failure failure) { trouble_ = std::move(failure); }
  /// The next frame is the first record of a document.
  void mark_document(const Block& block, std::size_t document) {
    if (marks_documents_) document_starts_.push_back({block.frames(), document});
  }

  const Phrase& name_;
  const SourceOptions& options_;
  std::optional<Failure> count_differs_;

 private:
  std::optional<Failure> trouble_;
  bool marks_documents_ = false;
  std::vector<DocumentStart> document_starts_;
};

std::unique_ptr<Framer> line_framer(const Phrase& name, const SourceOptions& options);
std::unique_ptr<Framer> document_framer(const Phrase& name, const SourceOptions& options);

}  // namespace trama
