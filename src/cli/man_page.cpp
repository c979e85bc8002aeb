#include "cli/man_page.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "base/phrase_codes.h"
#include "base/version.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// As roff takes it: its own characters named, and hyphens that can be searched for and copied.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '~':
        out += "\\(ti";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '"':
        out += "\\(dq";
        break;
      default:
        out += c;
    }
  }
  if (out.starts_with('.')) out.insert(0, "\\&");
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string page_name(std::string_view command) {
  return command.empty() || command == "trama" ? "trama" : "trama-" + std::string(command);
}

/// A footer taken apart: what it says, its exit codes (by their label), and the example of its last line.
struct Footer {
  std::string text;
  std::string exit_codes;
  std::string example;
};

Footer parts_of(std::string_view footer, const std::string& label) {
  Footer parts;
  const std::size_t last = footer.rfind('\n');
  const std::size_t line = last == std::string_view::npos ? 0 : last + 1;
  const std::size_t colon = footer.find(": ", line);
  parts.example = footer.substr(colon == std::string_view::npos ? line : colon + 2);
  std::string_view text = footer.substr(0, line);
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::size_t codes = text.starts_with(label) ? 0 : text.find('\n' + label);
  if (codes != std::string_view::npos) {
    if (text[codes] == '\n') ++codes;
    parts.exit_codes = text.substr(codes + label.size());
    text = text.substr(0, codes);
    while (text.ends_with('\n')) text.remove_suffix(1);
  }
  parts.text = text;
  return parts;
}

class Page {
 public:
  Page(const CommandTable& table, const CommandRow& command, Language language)
      : table_(table),
        command_(command),
        of_program_(&command == &table.program),
        language_(language),
        footer_(parts_of(command.footer, say(PhraseCode::man_exit_codes))) {}

  std::string text() {
    std::string title = page_name(command_.name);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    line(".\\\" printed by: trama man" + (of_program_ ? "" : ' ' + command_.name));
    line(".TH " + title + " 1 " + std::string(released()) + " \"trama " + std::string(version()) +
         "\" \"" + say(PhraseCode::man_title) + '"');
    section(PhraseCode::man_name);
    line(roff(page_name(command_.name)) + " \\- " +
         roff(of_program_ ? say(PhraseCode::man_about) : command_.summary));
    synopsis();
    section(PhraseCode::man_description);
    paragraph(of_program_ ? command_.summary : command_.summary + '.');
    if (!footer_.text.empty()) {
      line(".PP");
      paragraph(footer_.text);
    }
    if (of_program_) commands();
    rows(PhraseCode::man_arguments, command_.arguments);
    rows(PhraseCode::man_options, command_.options);
    if (!footer_.exit_codes.empty()) {
      section(PhraseCode::man_exit_status);
      paragraph(footer_.exit_codes);
    }
    if (of_program_) environment();
    section(PhraseCode::man_example);
    line(".nf");
    line(bold(footer_.example));
    line(".fi");
    see_also();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string say(PhraseCode code) const { return trama::say(language_, code); }

  void line(const std::string& text) { (out_ += text) += '\n'; }
  void section(PhraseCode name) { line(".SH " + say(name)); }
  void entry(const std::string& what, std::string_view meaning) {
    line(".TP");
    line(what);
    paragraph(meaning);
  }
  /// roff fills lines; one that is shorter than kFull was ended on purpose, and stays ended.
  void paragraph(std::string_view text) {
    bool broken = false;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view one = text.substr(0, end);
      if (broken) line(".br");
      if (!one.empty()) line(roff(one));
      broken = one.size() < kFull && !one.empty();
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void synopsis() {
    section(PhraseCode::man_synopsis);
    std::string text = bold("trama");
    if (!of_program_) text += ' ' + bold(command_.name);
    if (!command_.options.empty()) text += " [" + italic(say(PhraseCode::cli_label_options)) + ']';
    if (of_program_) text += ' ' + italic(say(PhraseCode::cli_label_subcommand));
    for (const OptionRow& row : command_.arguments) {
      const std::string name = italic(row.value) + (row.repeats ? "..." : "");
      text += row.required ? ' ' + name : " [" + name + ']';
    }
    line(text);
  }

  void commands() {
    section(PhraseCode::man_commands);
    for (const CommandRow& command : table_.commands)
      entry(bold(page_name(command.name)) + "(1)", command.summary);
  }

  void rows(PhraseCode title, const std::vector<OptionRow>& all) {
    if (all.empty()) return;
    section(title);
    for (const OptionRow& row : all) {
      std::string what;
      for (const std::string& name : row.names)
        what += (what.empty() ? "" : ", ") + (name.starts_with('-') ? bold(name) : italic(name));
      if (row.names.front().starts_with('-') && row.takes_value) {
        if (!row.value.empty()) what += ' ' + italic(row.value);
        if (row.value.empty()) what += ' ' + words(row.words);
      }
      if (row.repeats && !row.names.front().starts_with('-')) what += "...";
      entry(what, row.help);
    }
  }

  static std::string words(const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& word : all) text += (text.empty() ? "" : "|") + italic(word);
    return text.empty() ? italic("...") : text;
  }

  void environment() {
    section(PhraseCode::man_environment);
    entry(bold("LC_ALL") + ", " + bold("LC_MESSAGES") + ", " + bold("LANG"),
          say(PhraseCode::man_env_language));
    entry(bold("TMPDIR"), say(PhraseCode::man_env_tmpdir));
  }

  void see_also() {
    section(PhraseCode::man_see_also);
    std::vector<std::string> pages;
    if (!of_program_) pages.emplace_back("trama");
    for (const CommandRow& command : table_.commands)
      if (of_program_ && command.name != command_.name) pages.push_back(page_name(command.name));
    for (std::size_t n = 0; n < pages.size(); ++n)
      line(bold(pages[n]) + "(1)" + (n + 1 < pages.size() ? "," : ""));
  }

  static constexpr std::size_t kFull = 60;

  const CommandTable& table_;
  const CommandRow& command_;
  bool of_program_;
  Language language_;
  Footer footer_;
  std::string out_;
};

}  // namespace

std::string man_page(const CommandTable& table, std::string_view command, Language language) {
  const auto found = std::find_if(table.commands.begin(), table.commands.end(),
                                  [command](const CommandRow& row) { return row.name == command; });
  return Page(table, found == table.commands.end() ? table.program : *found, language).text();
}

}  // namespace trama
