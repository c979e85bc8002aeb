// Framer: finds where records begin and end in the bytes of one input. LineFramer for NDJSON,
// DocumentFramer for a list in a JSON document, the entries of an object, or one object.
//
// A framer sees the bytes of a Block as they come: what it finds may not depend on where they were
// cut.

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
  /// There are no more bytes: gives the last record, and the trouble of an input that may not end
  /// here.
  virtual void finish(Block& block) = 0;
  [[nodiscard]] const std::optional<Failure>& trouble() const noexcept { return trouble_; }
  /// What was found at the paths of SourceOptions::outside so far; gives it away.
  virtual std::vector<OutsideValue> take_outside() {
    return std::vector<OutsideValue>(options_.outside.size());
  }

 protected:
  /// `name`: the input, as messages call it. Both must outlive the framer.
  Framer(const std::string& name, const SourceOptions& options) : name_(name), options_(options) {}
  void fail(FailureCode code, std::vector<std::string> values) {
    trouble_ = Failure{code, std::move(values)};
  }

  const std::string& name_;
  const SourceOptions& options_;

 private:
  std::optional<Failure> trouble_;
};

std::unique_ptr<Framer> line_framer(const std::string& name, const SourceOptions& options);
std::unique_ptr<Framer> document_framer(const std::string& name, const SourceOptions& options);

}  // namespace trama
