#include "sink/text_target.h"

#include <string_view>
#include <utility>

#include "sink/output_file.h"
#include "sink/publish.h"

namespace trama {
namespace {

class TextTarget final : public Target {
 public:
  TextTarget(std::unique_ptr<OutputFile> file, TextFrame frame)
      : file_(std::move(file)), frame_(std::move(frame)) {}

  Result<void> begin() override { return write(frame_.head); }

  Result<void> take(RowBlock&& block) override {
    std::string_view rows = block.bytes;
    if (!any_ && !rows.empty()) {
      rows.remove_prefix(frame_.row_lead);
      any_ = true;
    }
    return write(rows);
  }

  Result<void> end() override { return write(any_ ? frame_.tail : frame_.tail_of_none); }

  Result<void> prepare() override { return file_->flush(); }

  Result<std::string> ticket() const override { return publishing_ticket(*file_); }

  Result<void> commit(std::span<OutputFile* const> others, const std::string& run) override {
    return file_->streams() ? publish_each(others) : publish_together(*file_, others, run);
  }

  Result<void> abandon() override { return file_->keep_incomplete(); }

  [[nodiscard]] bool streams() const noexcept override { return file_->streams(); }
  [[nodiscard]] std::string left() const override {
    return streams() ? std::string() : file_->incomplete_path();
  }
  [[nodiscard]] std::optional<NoticeCode> settled() const noexcept override {
    return file_->settled();
  }

 private:
  Result<void> write(std::string_view bytes) {
    return bytes.empty() ? Result<void>() : file_->write(bytes);
  }

  std::unique_ptr<OutputFile> file_;
  TextFrame frame_;
  bool any_ = false;
};

}  // namespace

Result<std::unique_ptr<Target>> open_text_target(const TargetPlace& place, TextFrame frame) {
  std::unique_ptr<OutputFile> file;
  if (place.text != nullptr) {
    file = OutputFile::over(*place.text);
  } else {
    TRAMA_TRY(file, OutputFile::open(place.path, *place.stop));
  }
  std::unique_ptr<Target> target = std::make_unique<TextTarget>(std::move(file), std::move(frame));
  return target;
}

}  // namespace trama
