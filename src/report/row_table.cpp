#include "report/row_table.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kGap = 2;              // between columns
constexpr std::size_t kTextGap = 3;          // between the texts of a remark
constexpr std::size_t kMaxIdWidth = 24;      // but no more than a quarter of the screen
constexpr std::size_t kMinCellWidth = 16;    // texts are not cut to less so that all columns fit
constexpr std::size_t kBlockCellWidth = 32;  // of a text, where there are blocks
constexpr std::size_t kMaxCodeWidth = 22;
constexpr std::size_t kMaxWhereWidth = 24;
constexpr std::size_t kMinTextWidth = 30;  // of a remark beside its code and column

/// A text as the screen shows it.
struct Fitted {
  std::string text;
  std::size_t width = 0;
};

Fitted fitted(std::string_view text, std::size_t most) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::all_of(text.begin(), text.end(), is_plain)) {  // most are: a column each
    if (text.size() <= most) return {std::string(text), text.size()};
    return {std::string(text.substr(0, most - 1)) + "…", most};
  }
  Fitted out;
  std::size_t kept_bytes = 0;  // of what leaves room for `…`
  std::size_t kept_width = 0;
  for (const ScreenCharacter& c : screen_characters(text)) {
    if (out.width + c.width > most) {
      out.text.resize(kept_bytes);
      return {out.text + "…", kept_width + 1};
    }
    out.text += c.text;
    out.width += c.width;
    if (out.width + 1 > most) continue;
    kept_bytes = out.text.size();
    kept_width = out.width;
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  return fitted(text, SIZE_MAX - 1).width;
}

void pad(std::string& out, std::size_t width) {
  out.append(width, ' ');
}

void append_cell(std::string& out, std::string_view text, std::size_t width, bool right) {
  const Fitted cell = fitted(text, width);
  if (right) pad(out, width - cell.width);
  out += cell.text;
  if (!right) pad(out, width - cell.width);
}

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

/// The lines of several texts: one that fits is on the line of the one before.
std::vector<std::string> flowed(const std::vector<std::string>& texts, std::size_t width) {
  std::vector<std::string> all;
  for (const std::string& text : texts) {
    const std::size_t size = width_of(text);
    if (!all.empty() && width_of(all.back()) + kTextGap + size <= width) {
      pad(all.back(), kTextGap);
      all.back() += fit_width(text, width);
      continue;
    }
    for (std::string& line : wrap_words(text, width)) all.push_back(std::move(line));
  }
  return all;
}

class Layout {
 public:
  Layout(const RowTable& table, std::size_t width, Language language)
      : table_(table), width_(std::max(width, kMinTableWidth)), language_(language) {
    const std::size_t most_id = std::min(kMaxIdWidth, width_ / 4);
    std::size_t id = 0;
    for (const RowTable::Line& line : table.lines) {
      has_rows_ = has_rows_ || !line.cells.empty();
      number_width_ = std::max(number_width_, width_of(line.number));
      id = std::max(id, fitted(line.id, most_id).width);
      for (const RowTable::Remark& remark : line.remarks) {
        code_width_ = std::max(code_width_, fitted(remark.code, kMaxCodeWidth).width);
        where_width_ = std::max(where_width_, fitted(remark.where, kMaxWhereWidth).width);
      }
    }
    if (id > 0) id_width_ = std::max(id, fitted(table.id_name, most_id).width);
    left_ = number_width_ + (id_width_ > 0 ? kGap + id_width_ : 0);
    find_widths();
  }

  std::string text() {
    const std::size_t count = widths_.size();
    std::size_t first = 0;
    do {
      const std::size_t last = end_of_block(first);
      if (first > 0 && !has_rows_ && !table_.lines.empty()) break;
      if (first > 0) out_ += '\n';
      if (first > 0 || last < count)
        out_ += fit_width(say(language_, Phrase(PhraseCode::report_columns_of,
                                                {std::to_string(first + 1), std::to_string(last),
                                                 std::to_string(count)})),
                          width_) +
                "\n";
      block(first, last);
      first = last;
    } while (first < count);
    return std::move(out_);
  }

 private:
  void find_widths() {
    const std::size_t most = width_ - left_ - kGap;
    for (const RowTable::Column& column : table_.columns)
      widths_.push_back(std::max(fitted(column.name, most).width, fitted(column.type, most).width));
    uncut_.resize(widths_.size());
    for (const RowTable::Line& line : table_.lines)
      for (std::size_t i = 0; i < line.cells.size(); ++i) {
        const std::size_t width = fitted(line.cells[i], most).width;
        widths_[i] = std::max(widths_[i], width);
        if (table_.columns[i].right) uncut_[i] = std::max(uncut_[i], width);
      }
    std::size_t cut = most;
    while (cut > kMinCellWidth && total(cut) > width_) --cut;
    if (total(cut) > width_) cut = std::min(kBlockCellWidth, most);
    for (std::size_t i = 0; i < widths_.size(); ++i) widths_[i] = cut_to(i, cut);
  }

  [[nodiscard]] std::size_t cut_to(std::size_t column, std::size_t most) const {
    return std::max(uncut_[column], std::min(widths_[column], most));
  }

  /// Of a line with all columns, where texts are cut to `most`.
  [[nodiscard]] std::size_t total(std::size_t most) const {
    std::size_t sum = left_;
    for (std::size_t i = 0; i < widths_.size(); ++i) sum += kGap + cut_to(i, most);
    return sum;
  }

  [[nodiscard]] std::size_t end_of_block(std::size_t first) const {
    std::size_t used = left_;
    std::size_t last = first;
    while (last < widths_.size() && (last == first || used + kGap + widths_[last] <= width_))
      used += kGap + widths_[last++];
    return last;
  }

  void block(std::size_t first, std::size_t last) {
    head(first, last, "#", table_.id_name, [](const RowTable::Column& c) { return c.name; });
    head(first, last, "", "", [](const RowTable::Column& c) { return c.type; });
    rule(number_width_);
    if (id_width_ > 0) rule(id_width_, kGap);
    for (std::size_t i = first; i < last; ++i) rule(widths_[i], kGap);
    end_line(out_);
    for (const RowTable::Line& line : table_.lines) {
      if (line.cells.empty()) {
        if (first == 0) begin(line.number, line.id), other(line);
        continue;
      }
      begin(line.number, line.id);
      for (std::size_t i = first; i < last; ++i) cell(line.cells[i], i);
      end_line(out_);
      if (first == 0) remarks(line);
    }
  }

  template <typename Text>
  void head(std::size_t first, std::size_t last, std::string_view number, std::string_view id,
            Text text) {
    begin(number, id);
    for (std::size_t i = first; i < last; ++i) cell(text(table_.columns[i]), i);
    end_line(out_);
  }

  void rule(std::size_t width, std::size_t gap = 0) {
    pad(out_, gap);
    for (std::size_t i = 0; i < width; ++i) out_ += "─";
  }

  void begin(std::string_view number, std::string_view id) {
    append_cell(out_, number, number_width_, true);
    if (id_width_ == 0) return;
    pad(out_, kGap);
    append_cell(out_, id, id_width_, false);
  }

  void cell(std::string_view text, std::size_t column) {
    pad(out_, kGap);
    append_cell(out_, text, widths_[column], table_.columns[column].right);
  }

  /// What is no row: it may be wider than the columns are.
  void other(const RowTable::Line& line) {
    pad(out_, kGap);
    out_ += fit_width(line.text, width_ - left_ - kGap);
    end_line(out_);
    remarks(line);
  }

  void remarks(const RowTable::Line& line) {
    for (const RowTable::Remark& remark : line.remarks) add_remark(remark);
  }

  /// Code, column and text side by side, aligned over the whole table; where that leaves too little
  /// room the text is below them.
  void add_remark(const RowTable::Remark& remark) {
    const std::size_t indent = number_width_ + 2 * kGap;
    std::size_t text_at =
        indent + code_width_ + kGap + where_width_ + (where_width_ > 0 ? kGap : 0);
    const bool below = text_at + kMinTextWidth > width_;
    pad(out_, indent);
    if (below) {
      const std::size_t room = width_ - indent;
      out_ +=
          fit_width(remark.where.empty() ? remark.code : remark.code + "  " + remark.where, room);
      end_line(out_);
      text_at = indent + kGap;
    } else {
      append_cell(out_, remark.code, code_width_, false);
      pad(out_, kGap);
      append_cell(out_, remark.where, where_width_, false);
    }
    bool beside = !below;
    for (const std::string& line : flowed(remark.texts, width_ - text_at)) {
      pad(out_, beside ? (where_width_ > 0 ? kGap : 0) : text_at);
      beside = false;
      out_ += line;
      end_line(out_);
    }
    if (beside) end_line(out_);
  }

  const RowTable& table_;
  std::size_t width_;
  Language language_;
  bool has_rows_ = false;
  std::size_t number_width_ = 1;  // of "#"
  std::size_t id_width_ = 0;      // 0: no line has one
  std::size_t left_ = 0;          // of number and id
  std::size_t code_width_ = 0;
  std::size_t where_width_ = 0;
  std::vector<std::size_t> widths_;  // by column
  std::vector<std::size_t> uncut_;   // by column, of its numbers
  std::string out_;
};

}  // namespace

std::string fit_width(std::string_view text, std::size_t width) {
  return fitted(text, width).text;
}

std::vector<std::string> wrap_words(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t line_width = 0;
  const auto end = [&] {
    lines.push_back(std::exchange(line, {}));
    line_width = 0;
  };
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    const std::size_t word_width = width_of(word);
    if (!line.empty() && line_width + 1 + word_width > width) end();
    if (!line.empty()) {
      line += ' ';
      ++line_width;
    }
    for (const ScreenCharacter& c : screen_characters(word)) {
      if (line_width > 0 && line_width + c.width > width) end();
      line += c.text;
      line_width += c.width;
    }
  }
  if (!line.empty() || lines.empty()) end();
  return lines;
}

std::string row_table_text(const RowTable& table, std::size_t width, Language language) {
  return Layout(table, width, language).text();
}

}  // namespace trama
