#include "mapping/yaml_tree.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "mapping/source_text.h"
#include "mapping/yaml_errors.h"
#include "mapping/yaml_slips.h"
#include "mapping/yaml_soundness.h"

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n';
}

/// What a tree costs: nodes, bytes of text, and levels.
struct Cost {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  std::size_t depth = 0;
};

// NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
Cost cost_of(const YamlNode& node) {
  Cost sum{1, node.text.size(), 0};
  const auto add = [&sum](const YamlNode& part) {
    const Cost c = cost_of(part);
    sum.nodes += c.nodes;
    sum.bytes += c.bytes;
    sum.depth = std::max(sum.depth, c.depth + 1);
  };
  for (const YamlNode& item : node.items) add(item);
  for (const YamlEntry& entry : node.entries) {
    add(entry.key);
    add(entry.value);
  }
  return sum;
}

/// The events of one document, made into a tree. After the first problem that leaves no tree
/// (`stopped()`), the rest of the events is passed over.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(SourceText& source, Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] std::optional<YamlNode>& root() noexcept { return root_; }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    start(mark, tag, anchor, YamlNode::Kind::list, style == YAML::EmitterStyle::Flow);
  }
  void OnSequenceEnd() override { finish(); }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    start(mark, tag, anchor, YamlNode::Kind::map, style == YAML::EmitterStyle::Flow);
  }
  void OnMapEnd() override { finish(); }

 private:
  /// A list or map whose end has not come yet.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    bool flow = false;            // between brackets
    std::optional<YamlNode> key;  // of a map: its value comes next
    bool key_refused = false;
    std::unordered_map<std::string, std::uint32_t> lines;  // of the keys so far
  };

  void stop(DiagnosticCode code, Span span, std::vector<Phrase> values) {
    diagnostics_.push_back({code, span, std::move(values)});
    stopped_ = true;
  }
  void refuse(Phrase message, Phrase help, std::size_t begin, std::size_t end) {
    stop(DiagnosticCode::yaml_invalid, source_.span(begin, end),
         {std::move(message), std::move(help)});
  }
  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().node.is_map() && !open_.back().key;
  }
  std::size_t content_start(const YAML::Mark& mark);
  bool refuse_tag(const YAML::Mark& mark, const std::string& tag);
  bool refuse_tab(std::size_t begin);
  bool refuse_unsound(const std::optional<Unsound>& problem);
  [[nodiscard]] std::size_t indent_below() const noexcept;
  bool measure_scalar(YamlNode& node, std::size_t begin, std::size_t& end);
  bool check_key(const YamlNode& key, std::size_t begin, std::size_t end);
  std::string_view spelled_null(std::size_t at) const;
  void start(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
             YamlNode::Kind kind, bool flow);
  void finish();
  void remember(YAML::anchor_t anchor, const YamlNode& node);
  bool repeat(const YamlNode& node, Span span);
  bool count(std::size_t nodes, Span span);
  void add_key(YamlNode key);
  void add(YamlNode node);

  SourceText& source_;
  Diagnostics& diagnostics_;
  std::vector<Open> open_;
  std::optional<YamlNode> root_;
  std::unordered_map<YAML::anchor_t, YamlNode> anchors_;
  std::size_t nodes_ = 0;
  std::size_t repeated_bytes_ = 0;
  bool stopped_ = false;
};

/// The byte where a node begins behind its anchor: yaml-cpp's mark stands at the `&`.
std::size_t TreeBuilder::content_start(const YAML::Mark& mark) {
  const std::string_view text = source_.text();
  auto at = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text.size());
  while (at < text.size() && text[at] == '&') {
    while (at < text.size() && !is_blank(text[at])) ++at;
    while (at < text.size() && is_blank(text[at])) ++at;
  }
  return at;
}

bool TreeBuilder::refuse_tag(const YAML::Mark& mark, const std::string& tag) {
  const std::string_view text = source_.text();
  const std::size_t at = content_start(mark);
  const bool tagged =
      (at < text.size() && text[at] == '!') || (!tag.empty() && tag != "?" && tag != "!");
  if (!tagged) return false;
  std::size_t end = at;
  while (end < text.size() && !is_blank(text[end])) ++end;
  refuse(PhraseCode::a_tag_needs_quotes, PhraseCode::put_it_in_quotes_no_tags, at, end);
  return true;
}

/// yaml-cpp takes some tabs for indentation. Between brackets, as in JSON, they are no indentation.
bool TreeBuilder::refuse_tab(std::size_t begin) {
  if (!open_.empty() && open_.back().flow) return false;
  const std::string_view text = source_.text();
  std::size_t start = begin;
  while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '\t')) --start;
  const std::size_t tab = text.substr(start, begin - start).find('\t');
  if (tab == kNone || (start > 0 && text[start - 1] != '\n')) return false;
  refuse(PhraseCode::a_tab_begins_this_line, PhraseCode::indent_with_blanks, start + tab,
         start + tab + 1);
  return true;
}

bool TreeBuilder::refuse_unsound(const std::optional<Unsound>& problem) {
  if (!problem) return false;
  refuse(problem->message, problem->help, problem->begin, problem->end);
  return true;
}

/// The blanks that further lines of a text or a bracket need in front: more than the list or map
/// around them, which stands in lines of its own.
std::size_t TreeBuilder::indent_below() const noexcept {
  for (auto open = open_.rbegin(); open != open_.rend(); ++open)
    if (!open->flow) return open->node.span.column;
  return 0;
}

void TreeBuilder::OnAnchor(const YAML::Mark& mark, const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-';
  });
  const auto begin = static_cast<std::size_t>(std::max(mark.pos, 0));
  if (stopped_) return;
  if (plain) {
    const std::string_view line_start = source_.line(begin).substr(0, 1);
    const bool first = mark.column == 0 && line_start == "&";
    if (first && !open_.empty() && open_.back().key)
      refuse(PhraseCode::an_anchor_belongs_to_no_word, PhraseCode::write_it_behind_the_word, begin,
             begin + 1 + name.size());
    return;
  }
  refuse(PhraseCode::an_anchor_needs_quotes, PhraseCode::put_it_in_quotes, begin,
         begin + 1 + name.size());
}

/// Finds the end of a scalar in the source, and what yaml-cpp lets pass in it.
bool TreeBuilder::measure_scalar(YamlNode& node, std::size_t begin, std::size_t& end) {
  const std::string_view text = source_.text();
  const char first = begin < text.size() ? text[begin] : '\0';
  // Asked for only where it is needed: it lies far away where a whole table stands on one line.
  const auto line_end = [text, begin] { return std::min(text.find('\n', begin), text.size()); };
  if (node.quoted && (first == '"' || first == '\'')) {
    end = closing_quote(text, begin);
    if (end == kNone) {
      refuse(PhraseCode::the_quote_is_never_closed, PhraseCode::close_the_quotes, begin,
             line_end());
      return false;
    }
    return !refuse_unsound(unsound_quoted(text, begin, end, indent_below()));
  }
  if (node.quoted && (first == '|' || first == '>') && refuse_unsound(unsound_block(text, begin)))
    return false;
  if (!node.quoted && std::string_view("@`%").find(first) != kNone) {
    refuse({PhraseCode::needs_quotes_text_begins_with, {std::string(1, first)}},
           PhraseCode::put_it_in_quotes, begin, line_end());
    return false;
  }
  const bool as_written = text.compare(begin, node.text.size(), node.text) == 0;
  end = !node.quoted && as_written ? begin + node.text.size() : line_end();
  return true;
}

/// yaml-cpp takes a line without a colon for a key without a value.
bool TreeBuilder::check_key(const YamlNode& key, std::size_t begin, std::size_t end) {
  const std::string_view text = source_.text();
  std::size_t at = end;
  while (at < text.size() && is_blank(text[at])) ++at;
  if (at < text.size() && text[at] == ':' && text.substr(end, at - end).find('\n') == kNone) {
    return true;
  }
  const std::size_t colon = key.quoted ? kNone : key.text.find(':');
  const bool short_form = at < text.size() && (text[at] == ',' || text[at] == '}');
  Phrase advice(PhraseCode::write_a_value_for_the_key, {key.text});
  if (colon != kNone && colon > 0 && colon + 1 < key.text.size()) {
    advice = {PhraseCode::a_colon_needs_a_blank,
              {key.text.substr(0, colon), key.text.substr(colon + 1)}};
  } else if (short_form) {
    advice = {PhraseCode::write_a_value_in_braces, {key.text}};
  }
  refuse({PhraseCode::the_key_has_no_value, {key.text}}, std::move(advice), begin, end);
  return false;
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  if (stopped_ || refuse_tag(mark, tag)) return;
  YamlNode node;
  node.text = value;
  node.quoted = tag == "!";
  const std::size_t begin = content_start(mark);
  std::size_t end = begin;
  if (refuse_tab(begin) || !measure_scalar(node, begin, end)) return;
  if (wants_key() && !check_key(node, begin, end)) return;
  node.span = source_.span(begin, end);
  remember(anchor, node);
  add(std::move(node));
}

/// `~`, `null` or `NULL` as it stands at `at`; "" where there is nothing, perhaps before a next key
/// of that name.
std::string_view TreeBuilder::spelled_null(std::size_t at) const {
  const std::string_view text = source_.text();
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (text.substr(at, word.size()) != word) continue;
    std::size_t end = at + word.size();
    const bool word_ends =
        end == text.size() || std::string_view(" \t\n,]}:").find(text[end]) != kNone;
    if (!word_ends) continue;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    const bool is_key = end < text.size() && text[end] == ':';
    if (!is_key || wants_key()) return word;
  }
  return {};
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (stopped_) return;
  const std::size_t begin = content_start(mark);
  YamlNode node;
  node.text = spelled_null(begin);
  const std::size_t end = begin + node.text.size();
  if (wants_key()) {
    if (node.text.empty()) {
      refuse(PhraseCode::a_value_without_a_key, PhraseCode::write_key_value, begin, begin + 1);
      return;
    }
    if (!check_key(node, begin, end)) return;
  }
  if (node.text.empty() && !open_.empty() && open_.back().flow && open_.back().node.is_list()) {
    refuse(PhraseCode::an_entry_is_missing, PhraseCode::take_one_comma_out, begin, begin + 1);
    return;
  }
  const bool nowhere = node.text.empty() && !open_.empty();  // its mark is the next token's
  if (!nowhere) {
    node.span = source_.span(begin, end);
  } else {
    node.span = open_.back().key ? open_.back().key->span : open_.back().node.span;
  }
  remember(anchor, node);
  add(std::move(node));
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (stopped_) return;
  const auto begin = static_cast<std::size_t>(std::max(mark.pos, 0));
  std::size_t end = begin;
  while (end < source_.text().size() &&
         std::string_view(" \t\n,]}").find(source_.text()[end]) == kNone) {
    ++end;
  }
  const auto known = anchors_.find(anchor);
  if (known == anchors_.end()) {
    refuse(PhraseCode::this_repeats_itself, PhraseCode::name_what_was_finished, begin, end);
    return;
  }
  const Span span = source_.span(begin, end);
  if (wants_key()) {
    refuse(PhraseCode::a_key_must_be_a_text, PhraseCode::write_the_key_out, begin, end);
    return;
  }
  if (!repeat(known->second, span)) return;
  YamlNode copy = known->second;
  copy.span = span;
  add(std::move(copy));
}

void TreeBuilder::start(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                        YamlNode::Kind kind, bool flow) {
  if (stopped_ || refuse_tag(mark, tag)) return;
  const std::size_t begin = content_start(mark);
  const Span span = source_.span(begin, begin + 1);
  if (wants_key()) {
    refuse(PhraseCode::a_key_must_be_a_text, PhraseCode::a_bracket_needs_quotes, begin, begin + 1);
    return;
  }
  if (open_.size() >= kMaxYamlDepth) {
    stop(DiagnosticCode::yaml_too_big, span,
         {Phrase(PhraseCode::nests_deeper_than, {std::to_string(kMaxYamlDepth)}), ""});
    return;
  }
  const bool inside_flow = !open_.empty() && open_.back().flow;
  if (flow && !inside_flow && refuse_unsound(unsound_flow(source_.text(), begin, indent_below())))
    return;
  Open open;
  open.node.kind = kind;
  open.node.span = span;
  open.anchor = anchor;
  open.flow = flow;
  open_.push_back(std::move(open));
}

void TreeBuilder::finish() {
  if (stopped_) return;
  Open done = std::move(open_.back());
  open_.pop_back();
  remember(done.anchor, done.node);
  if (!stopped_) add(std::move(done.node));
}

void TreeBuilder::remember(YAML::anchor_t anchor, const YamlNode& node) {
  if (anchor != 0 && repeat(node, node.span)) anchors_[anchor] = node;
}

/// Charges a copy of `node`; anchors and aliases are where a small file becomes a big tree.
bool TreeBuilder::repeat(const YamlNode& node, Span span) {
  const Cost cost = cost_of(node);
  repeated_bytes_ += cost.bytes;
  if (open_.size() + cost.depth > kMaxYamlDepth || repeated_bytes_ > kMaxYamlRepeatedBytes) {
    stop(DiagnosticCode::yaml_too_big, span,
         {PhraseCode::anchors_make_this_too_big, PhraseCode::write_it_out_or_use_a_table});
    return false;
  }
  return count(cost.nodes, span);
}

bool TreeBuilder::count(std::size_t nodes, Span span) {
  nodes_ += nodes;
  if (nodes_ <= kMaxYamlNodes) return true;
  stop(DiagnosticCode::yaml_too_big, span,
       {Phrase(PhraseCode::more_keys_and_values_than, {std::to_string(kMaxYamlNodes)}),
        PhraseCode::keep_a_big_table_in_csv});
  return false;
}

void TreeBuilder::add_key(YamlNode key) {
  Open& open = open_.back();
  open.key_refused = false;
  const auto [known, fresh] = open.lines.emplace(key.text, key.span.line);
  if (!key.quoted && key.text == "<<") {
    diagnostics_.push_back({DiagnosticCode::yaml_merge_key, key.span, {}});
    open.key_refused = true;
  } else if (!fresh) {
    diagnostics_.push_back(
        {DiagnosticCode::key_repeated, key.span, {key.text, std::to_string(known->second)}});
    open.key_refused = true;
  }
  open.key = std::move(key);
}

void TreeBuilder::add(YamlNode node) {
  if (stopped_ || !count(1, node.span)) return;
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& open = open_.back();
  if (open.node.is_list()) {
    open.node.items.push_back(std::move(node));
  } else if (!open.key) {
    add_key(std::move(node));
  } else {
    if (!open.key_refused) open.node.entries.push_back({std::move(*open.key), std::move(node)});
    open.key.reset();
  }
}

/// Sees only where a second document begins.
class SecondDocument : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    at = static_cast<std::size_t>(std::max(mark.pos, 0));
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}
  std::size_t at = 0;
};

/// An unclosed quote goes on until the next one, and the error is seen only there. So: the first
/// byte of a text that is opened with a quote in a line above the byte `line_start` and whose
/// closing quote is not above it; or npos.
std::size_t quote_open_at(std::string_view text, std::size_t line_start) {
  constexpr int kLinesBack = 100;
  std::size_t end = line_start;
  for (int i = 0; i < kLinesBack && end > 0; ++i) {
    const std::size_t before = end < 2 ? kNone : text.rfind('\n', end - 2);
    const std::size_t start = before == kNone ? 0 : before + 1;
    const std::size_t value = yaml_value_start(text.substr(start, end - 1 - start));
    const char first = value == kNone ? '\0' : text[start + value];
    if (first == '"' || first == '\'') {
      const std::size_t close = closing_quote(text, start + value);
      if (close == kNone || close > line_start) return start + value;
    }
    end = start;
  }
  return kNone;
}

/// What `line`, which is at the byte `at` of the text, was most likely meant to be.
struct Repair {
  std::size_t at = 0;
  std::size_t size = 0;
  std::string line;
};

/// Whether the text without that slip is YAML, at least up to a place behind `was`, the error's.
/// `above`: the slip is in a line above it.
bool mends(const Repair& repair, std::string_view text, const YAML::Mark& was, bool above) {
  std::string repaired(text);
  repaired.replace(repair.at, repair.size, repair.line);
  try {
    std::istringstream stream{repaired};
    YAML::Parser parser(stream);
    SecondDocument nothing;
    parser.HandleNextDocument(nothing);
  } catch (const YAML::Exception& error) {
    return error.mark.line > was.line ||
           (above && error.mark.line == was.line && error.mark.column > was.column);
  }
  return true;
}

/// Gives the line as it was meant, where one slip explains the error.
std::optional<Repair> explain(const YAML::Exception& error, SourceText& source,
                              Diagnostics& diagnostics) {
  const auto at =
      std::min(static_cast<std::size_t>(std::max(error.mark.pos, 0)), source.text().size());
  const std::string_view line = source.line(at);
  const auto line_at = static_cast<std::size_t>(line.data() - source.text().data());
  if (const std::size_t quote = quote_open_at(source.text(), line_at); quote != kNone) {
    diagnostics.push_back({DiagnosticCode::yaml_invalid,
                           source.span(quote, source.text().size()),
                           {PhraseCode::quote_not_closed_in_line, PhraseCode::close_the_quotes}});
    return std::nullopt;
  }
  for (YamlSlip& slip : possible_slips(source.text(), line_at)) {
    Repair repair{slip.line, source.line(slip.line).size(), std::move(slip.repaired)};
    if (!mends(repair, source.text(), error.mark, slip.line < line_at)) continue;
    diagnostics.push_back({DiagnosticCode::yaml_invalid,
                           source.span(slip.line + slip.begin, slip.line + slip.end),
                           {slip.message, slip.help}});
    return repair;
  }
  const YamlAdvice advice = explain_yaml_error(error.msg, line, at - line_at);
  diagnostics.push_back({DiagnosticCode::yaml_invalid,
                         source.span(line_at + advice.begin, line_at + advice.end),
                         {advice.message, advice.help}});
  if (advice.repaired.empty()) return std::nullopt;
  return Repair{line_at, line.size(), advice.repaired};
}

/// A line that begins with % is a directive to yaml-cpp, which passes over it without a word.
bool has_directive(SourceText& source, Diagnostics& diagnostics) {
  const std::string_view text = source.text();
  const std::size_t before = text.substr(0, 1) == "%" ? 0 : text.find("\n%");
  if (before == kNone) return false;
  const std::size_t begin = text[before] == '%' ? before : before + 1;
  diagnostics.push_back(
      {DiagnosticCode::yaml_invalid,
       source.span(begin, text.size()),
       {PhraseCode::a_line_cannot_begin_with_percent, PhraseCode::quotes_or_no_line}});
  return true;
}

/// One document and nothing behind it. yaml-cpp's exceptions end here. `repair`: where the reading
/// can go on.
bool parse(SourceText& source, TreeBuilder& builder, Diagnostics& diagnostics,
           std::optional<Repair>& repair) {
  try {
    std::istringstream stream{std::string(source.text())};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return true;
    if (builder.stopped()) return false;
    SecondDocument second;
    if (!parser.HandleNextDocument(second)) return true;
    diagnostics.push_back(
        {DiagnosticCode::yaml_invalid,
         source.span(second.at, second.at + 1),
         {PhraseCode::a_second_document_begins_here, PhraseCode::one_file_holds_one_mapping}});
  } catch (const YAML::Exception& error) {
    if (!builder.stopped()) repair = explain(error, source, diagnostics);
  }
  return false;
}

/// After an error that one slip explains: the text is read on as if that line were as it was meant,
/// and what is wrong in later lines is reported too. Nothing else is taken from it.
void report_later_errors(std::string_view text, std::uint32_t file, std::optional<Repair> repair,
                         Diagnostics& diagnostics) {
  constexpr int kMaxErrors = 10;
  std::string repaired(text);
  for (int n = 1; n < kMaxErrors && repair; ++n) {
    repaired.replace(repair->at, repair->size, repair->line);
    SourceText source(repaired, file);
    Diagnostics found;
    TreeBuilder builder(source, found);
    repair.reset();
    parse(source, builder, found, repair);
    const std::uint32_t last = diagnostics.back().span.line;
    const auto next = std::find_if(found.begin(), found.end(), [&](const Diagnostic& d) {
      return d.code == DiagnosticCode::yaml_invalid && d.span.line > last;
    });
    if (next == found.end()) return;
    diagnostics.push_back(*next);
  }
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  for (const YamlEntry& entry : entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

YamlNode* YamlNode::find(std::string_view key) noexcept {
  for (YamlEntry& entry : entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

bool read_yaml(std::string_view text, std::uint32_t file, YamlNode& out, Diagnostics& diagnostics) {
  const Span whole{file, 0, 0, 0};
  if (text.size() > kMaxYamlBytes) {
    diagnostics.push_back(
        {DiagnosticCode::yaml_too_big,
         whole,
         {PhraseCode::the_file_has_more_than_4_mib, PhraseCode::keep_big_tables_in_csv}});
    return false;
  }
  SourceText source(text, file);
  if (!source.check(diagnostics) || has_directive(source, diagnostics)) return false;
  TreeBuilder builder(source, diagnostics);
  std::optional<Repair> repair;
  if (!parse(source, builder, diagnostics, repair) || builder.stopped()) {
    report_later_errors(text, file, std::move(repair), diagnostics);
    return false;
  }
  if (!builder.root()) {
    diagnostics.push_back(
        {DiagnosticCode::yaml_invalid, whole, {PhraseCode::the_file_is_empty, ""}});
    return false;
  }
  out = std::move(*builder.root());
  return true;
}

}  // namespace trama
