// What reports for the screen are put together of: lines with columns, and words in a language.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/phrase.h"
#include "base/terminal_text.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {

/// How wide reports are where no terminal says otherwise.
constexpr std::size_t kReportColumns = 100;

/// One line of a report. Texts are made visible here, once.
class ReportLine {
 public:
  ReportLine& add(std::string_view text) {
    text_ += visible(text);
    return *this;
  }
  /// Blanks up to `column`, at least `gap`.
  ReportLine& to(std::size_t column, std::size_t gap = 2) {
    const std::size_t size = characters_in(text_);
    text_.append(size + gap > column ? gap : column - size, ' ');
    return *this;
  }
  /// `text` ending at `edge`, at least two blanks behind what is there.
  ReportLine& right(std::string_view text, std::size_t edge) {
    const std::size_t size = characters_in(visible(text));
    return to(edge > size ? edge - size : 0).add(text);
  }
  [[nodiscard]] bool fits(std::string_view text, std::size_t edge) const {
    return characters_in(text_) + 2 + characters_in(visible(text)) <= edge;
  }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  void end(std::string& out) {
    out += text_;
    out += '\n';
    text_.clear();
  }

 private:
  std::string text_;
};

/// Says what a report is made of, in its language.
class ReportWords {
 public:
  explicit ReportWords(Language language) : language_(language) {}

  std::string operator()(PhraseCode code, std::vector<Phrase> values = {}) const {
    return say(language_, Phrase(code, std::move(values)));
  }
  /// With a number, which chooses the form.
  [[nodiscard]] std::string counted(PhraseCode code, std::uint64_t n) const {
    return (*this)(code, {grouped(n)});
  }
  [[nodiscard]] Language language() const noexcept { return language_; }

 private:
  Language language_;
};

}  // namespace trama
