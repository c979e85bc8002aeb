// FileTarget: what targets share that are one file: it has its name when the run is good, else it
// stays beside it. Only for sink/.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sink/output_file.h"
#include "sink/publish.h"
#include "sink/target.h"

namespace trama {

class FileTarget : public Target {
 public:
  Result<void> prepare() final { return file_->flush(); }
  Result<std::string> ticket() const final { return publishing_ticket(*file_); }
  Result<void> commit(std::span<OutputFile* const> others, const std::string& run) final {
    return file_->streams() ? publish_each(others) : publish_together(*file_, others, run);
  }
  Result<void> abandon() final { return file_->keep_incomplete(); }

  [[nodiscard]] bool streams() const noexcept final { return file_->streams(); }
  [[nodiscard]] std::string left() const final {
    return streams() ? std::string() : file_->incomplete_path();
  }
  [[nodiscard]] std::optional<NoticeCode> settled() const noexcept final {
    return file_->settled();
  }

 protected:
  explicit FileTarget(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}

  static Result<std::unique_ptr<OutputFile>> open_file(const TargetPlace& place) {
    if (place.text != nullptr) return OutputFile::over(*place.text);
    return OutputFile::open(place.path, *place.stop);
  }

  Result<void> write(std::string_view bytes) {
    return bytes.empty() ? Result<void>() : file_->write(bytes);
  }

 private:
  std::unique_ptr<OutputFile> file_;
};

}  // namespace trama
