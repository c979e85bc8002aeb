#include "sink/text_target.h"

#include <string_view>
#include <utility>

#include "sink/file_target.h"

namespace trama {
namespace {

class TextTarget final : public FileTarget {
 public:
  static Result<std::unique_ptr<Target>> open(const TargetPlace& place, TextFrame frame) {
    TRAMA_TRY(std::unique_ptr<OutputFile> file, open_file(place));
    std::unique_ptr<Target> target(new TextTarget(std::move(file), std::move(frame)));
    return target;
  }

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

 private:
  TextTarget(std::unique_ptr<OutputFile> file, TextFrame frame)
      : FileTarget(std::move(file)), frame_(std::move(frame)) {}

  TextFrame frame_;
  bool any_ = false;
};

}  // namespace

Result<std::unique_ptr<Target>> open_text_target(const TargetPlace& place, TextFrame frame) {
  return TextTarget::open(place, std::move(frame));
}

}  // namespace trama
