#include "infer/draft.h"

#include <algorithm>

#include "base/utf8.h"
#include "infer/yaml_text.h"
#include "mapping/open_decisions.h"

namespace trama {
namespace {

constexpr std::size_t kNoteColumn = 36;
constexpr std::size_t kMaxLine = 118;

class Writer {
 public:
  explicit Writer(bool answered) : answered_(answered) {}

  std::string text(const Draft& draft) {
    for (const std::string& note : draft.head) note_line(0, note);
    line(0, "mapping: " + yaml_scalar(draft.name), {});
    line(0, "version: 1", {});
    section("input", {}, draft.input);
    section("defaults", {}, draft.defaults);
    rows(draft);
    out_ += '\n';
    line(0, "columns:", {});
    columns(2, draft.columns);
    section("output", {}, draft.output);
    if (!draft.tests.empty()) {
      out_ += '\n';
      line(0, "tests:", {});
      for (const std::string& test : draft.tests) line(0, test, {});
    }
    if (!draft.tail.empty()) out_ += '\n';
    for (const std::string& note : draft.tail) note_line(0, note);
    return std::move(out_);
  }

 private:
  void section(const std::string& name, const std::string& note,
               const std::vector<DraftWord>& words_of) {
    if (words_of.empty()) return;
    out_ += '\n';
    line(0, name + ':', note);
    words(2, words_of);
  }

  /// One level, or a list of them.
  void rows(const Draft& draft) {
    if (draft.rows.size() == 1) section("rows", draft.rows_note, draft.rows.front());
    if (draft.rows.size() < 2) return;
    out_ += '\n';
    line(0, "rows:", draft.rows_note);
    for (const std::vector<DraftWord>& level : draft.rows) {
      const std::size_t begin = out_.size();
      words(4, level);
      out_[begin + 2] = '-';
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): lists in lists have a depth, see kMaxLists
  void columns(std::size_t indent, const std::vector<DraftColumn>& all) {
    for (const DraftColumn& column : all) {
      for (const std::string& note : column.above) note_line(indent, note);
      const std::string name = yaml_scalar(column.name) + ':';
      if (column.words.size() == 1 && column.columns.empty() && is_plain(column.words.front())) {
        line(indent, name + ' ' + column.words.front().value.yaml, column.note);
        continue;
      }
      line(indent, name, column.note);
      words(indent + 2, column.words);
      if (column.columns.empty()) continue;
      line(indent + 2, "columns:", {});
      columns(indent + 4, column.columns);
    }
  }

  static bool is_plain(const DraftWord& word) {
    return word.key == "from" && word.entries.empty() && word.value.question.empty();
  }

  // NOLINTNEXTLINE(misc-no-recursion): words have entries, and these none
  void words(std::size_t indent, const std::vector<DraftWord>& all) {
    for (const DraftWord& word : all) {
      if (word.entries.empty()) {
        line(indent, word.key + ": " + draft_value(word.value, answered_), word.note);
        continue;
      }
      line(indent, word.key + ':', word.note);
      words(indent + 2, word.entries);
    }
  }

  void note_line(std::size_t indent, const std::string& note) {
    out_.append(indent, ' ') += note.empty() ? "#" : "# ";
    (out_ += note) += '\n';
  }

  /// The note is behind the text, as far as the line has room.
  void line(std::size_t indent, const std::string& text, const std::string& note) {
    out_.append(indent, ' ') += text;
    if (!note.empty()) {
      const std::size_t used = indent + count_code_points(text);
      const std::size_t column = std::max(used + 2, kNoteColumn);
      out_.append(column - used, ' ');
      const std::size_t room = std::max<std::size_t>(kMaxLine, column + 40) - column - 2;
      (out_ += "# ") += cut(note, room);
    }
    out_ += '\n';
  }

  static std::string cut(const std::string& note, std::size_t room) {
    if (count_code_points(note) <= room) return note;
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < room; ++i) next_code_point(note, at);
    return note.substr(0, at) + "…";
  }

  bool answered_;
  std::string out_;
};

/// A choice as a part of a list of them; see first_choice().
std::string listed_choice(const std::string& choice) {
  if (!choice.starts_with('"') && choice.find(", ") == std::string::npos) return choice;
  std::string quoted = "\"";
  for (const char c : choice) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
std::size_t decisions_of(const std::vector<DraftWord>& words) {
  std::size_t count = 0;
  for (const DraftWord& word : words)
    count += (word.value.question.empty() ? 0U : 1U) + decisions_of(word.entries);
  return count;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
std::size_t decisions_of(const std::vector<DraftColumn>& columns) {
  std::size_t count = 0;
  for (const DraftColumn& column : columns)
    count += decisions_of(column.words) + decisions_of(column.columns);
  return count;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
std::size_t count_of(const std::vector<DraftColumn>& columns) {
  std::size_t count = 0;
  for (const DraftColumn& column : columns)
    count += column.columns.empty() ? 1 : count_of(column.columns);
  return count;
}

}  // namespace

std::string draft_value(const DraftValue& value, bool answered) {
  if (value.question.empty()) return value.yaml;
  if (answered) return yaml_scalar(value.choices.front());
  std::string text = std::string(kDecide) + ' ' + value.question + ' ' + std::string(kChoicesAre);
  for (std::size_t i = 0; i < value.choices.size(); ++i)
    text += (i == 0 ? "" : ", ") + listed_choice(value.choices[i]);
  return yaml_quoted(text);
}

std::string draft_text(const Draft& draft, bool answered) {
  return Writer(answered).text(draft);
}

std::size_t count_columns(const Draft& draft) {
  return count_of(draft.columns);
}

std::size_t count_decisions(const Draft& draft) {
  return decisions_of(draft.input) + decisions_of(draft.defaults) + decisions_of(draft.columns);
}

}  // namespace trama
