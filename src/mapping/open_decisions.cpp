#include "mapping/open_decisions.h"

#include <utility>

#include "base/phrase_codes.h"

namespace trama {
namespace {

/// The first `,` with a space behind it, or the end.
std::string_view up_to_comma(std::string_view choices) {
  return choices.substr(0, choices.find(", "));
}

class Walk {
 public:
  explicit Walk(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  void node(YamlNode& node) {
    if (node.is_scalar()) return text(node);
    for (YamlNode& item : node.items) this->node(item);
    for (YamlEntry& entry : node.entries) this->node(entry.value);
  }

 private:
  void text(YamlNode& node) {
    if (!node.text.starts_with(kDecide)) return;
    const std::string_view all = node.text;
    const std::size_t at = all.find(kChoicesAre);
    const std::string_view choices =
        at == std::string_view::npos ? std::string_view() : all.substr(at + kChoicesAre.size());
    std::string_view question =
        all.substr(kDecide.size(), at == std::string_view::npos ? at : at - kDecide.size());
    while (question.starts_with(' ')) question.remove_prefix(1);
    while (question.ends_with(' ')) question.remove_suffix(1);
    std::string first = first_choice(node.text);
    diagnostics_.push_back(
        {DiagnosticCode::decide_open,
         node.span,
         {question, choices.empty() ? Phrase(PhraseCode::write_what_is_decided)
                                    : Phrase(PhraseCode::write_one_of_the_choices, {choices})}});
    if (!first.empty()) node.text = std::move(first);
  }

  Diagnostics& diagnostics_;
};

}  // namespace

std::string first_choice(std::string_view value) {
  const std::size_t at = value.find(kChoicesAre);
  if (!value.starts_with(kDecide) || at == std::string_view::npos) return {};
  value.remove_prefix(at + kChoicesAre.size());
  if (!value.starts_with('"')) return std::string(up_to_comma(value));
  std::string choice;
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (value[i] == '"' && value.substr(i + 1, 1) != "\"") break;
    if (value[i] == '"') ++i;
    choice += value[i];
  }
  return choice;
}

void report_open_decisions(YamlNode& mapping, Diagnostics& diagnostics) {
  Walk walk(diagnostics);
  for (YamlEntry& entry : mapping.entries)
    if (entry.key.text != "tests") walk.node(entry.value);
}

}  // namespace trama
