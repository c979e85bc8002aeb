// What sentences of `trama explain` are made with, and those of the steps: of each step one, in one
// table.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "engine/load.h"
#include "report/explanation.h"
#include "report/report_line.h"
#include "text/catalogue.h"
#include "value/decimal.h"

namespace trama {

/// What sentences are made with.
class Teller {
 public:
  Teller(const LoadedMapping& of, Language in) : loaded(of), plan(*of.plan), language(in) {}

  std::string operator()(PhraseCode code, std::vector<Phrase> values = {}) const {
    return say(language, Phrase(code, std::move(values)));
  }
  [[nodiscard]] std::string counted(PhraseCode code, std::uint64_t n) const {
    return (*this)(code, {grouped(n)});
  }
  /// "a, b and c"
  [[nodiscard]] Phrase all_of(std::vector<std::string> parts,
                              PhraseCode last = PhraseCode::list_and) const {
    constexpr std::size_t kShownTexts = 20;
    if (parts.size() > kShownTexts) {
      parts.resize(kShownTexts);
      parts.emplace_back("…");
    }
    const std::vector<std::string_view> views(parts.begin(), parts.end());
    return say(language, Phrase::listed(views, last));
  }
  [[nodiscard]] Phrase texts(const std::vector<Text>& all,
                             PhraseCode last = PhraseCode::list_and) const {
    std::vector<std::string> parts;
    for (const Text& one : all) parts.push_back(own(one.text));
    return all_of(std::move(parts), last);
  }
  [[nodiscard]] Phrase paths(const std::vector<Path>& all,
                             PhraseCode last = PhraseCode::list_and) const {
    std::vector<std::string> parts;
    for (const Path& one : all) parts.push_back(path(one));
    return all_of(std::move(parts), last);
  }
  [[nodiscard]] static std::string path(const Path& path) { return own(path.text); }

  const LoadedMapping& loaded;
  const Plan& plan;
  Language language;
};

/// The text, or that there is nothing in its place.
std::string or_nothing(const Teller& tell, const std::string& text);

/// How a number is rounded; nothing where `decimals` is negative.
void tell_rounding(const Teller& tell, int decimals, Rounding rounding, const Text& word,
                   std::vector<std::string>& out);

/// What a step of the column does; nothing where there is no sentence for it.
void tell_step(const Teller& tell, const Column& column, const PlanColumn& made,
               const PlanStep& step, std::vector<std::string>& out);

}  // namespace trama
