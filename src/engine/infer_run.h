// infer: the inputs -> a draft of a mapping, in one pass over them and in the bounds of a profile. The
// tests in it are run here over records of the dump, so that they expect what the draft gives.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/profile_run.h"
#include "infer/draft_builder.h"
#include "source/input_files.h"

namespace trama {

struct InferOptions {
  ProfileOptions profile;
  DraftOptions draft;
  std::string like;    // a mapping whose columns the draft is to have, …
  std::string target;  // … or a JSON Schema
};

struct Inferred {
  std::string text;  // YAML
  std::size_t columns = 0;
  std::size_t decisions = 0;
  std::uint64_t unread = 0;        // records that are no JSON
  std::vector<std::string> files;  // that were read beside the inputs
  std::string error;               // Draft::error
};

/// Failures as profile_inputs(); usage where `like` or `target` cannot be read as one; INPUT_NOT_JSON where no record is an object with fields.
Result<Inferred> infer(const InferOptions& options);
/// The same of inputs that are open; they are read several times.
Result<Inferred> infer_files(const std::shared_ptr<InputSet>& files, const InferOptions& options);

}  // namespace trama
