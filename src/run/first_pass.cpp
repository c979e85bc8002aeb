#include "run/first_pass.h"

#include "base/phrase_codes.h"

namespace trama {
namespace {

bool is_of_the_world(const Failure& failure) noexcept {
  return failure.code == FailureCode::file_unreadable || failure.code == FailureCode::input_changed;
}

}  // namespace

Result<FirstPass> FirstPass::read(Source& source, Duplicates& duplicates, unsigned threads,
                                  const Duplicates::MakeMapper& make_mapper, bool pass_bad_inputs) {
  FirstPass pass;
  TRAMA_TRY_VOID(duplicates.first_pass(source, threads, make_mapper));
  for (const InputRead& input : source.inputs()) {
    // Of an input that gave no byte no record can have won.
    const bool ends =
        input.failure && is_of_the_world(*input.failure) && (input.bytes > 0 || !pass_bad_inputs);
    if (ends) return *input.failure;
    pass.failures_.push_back(input.failure);
  }
  return pass;
}

std::optional<Failure> FirstPass::differs(const std::vector<InputRead>& inputs,
                                          const std::vector<std::string>& names) const {
  for (std::size_t i = 0; i < failures_.size(); ++i) {
    const std::optional<Failure>& before = failures_[i];
    const std::optional<Failure>& now = inputs[i].failure;
    if (now && (!before || before->code != now->code)) return now;
    if (now || !before || !inputs[i].whole) continue;
    Phrase how(PhraseCode::run_first_time, {Phrase(before->code, before->values)});
    return Failure{FailureCode::input_changed, {shown_input(names[i]), std::move(how)}};
  }
  return std::nullopt;
}

}  // namespace trama
