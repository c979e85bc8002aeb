// Dates and times: the formats that they are read in, their zones.

#include <algorithm>

#include "base/phrase_codes.h"
#include "plan/compiler.h"
#include "value/zone.h"

namespace trama {

/// One more format that a list reads; an error where it reads a text as another day than one before
/// does. That takes long to find out, so it is done once for each pair of formats of the mapping.
void Compiler::add_format(DatePattern pattern, const Text& written, DateArgs& args) {
  constexpr std::size_t kMaxFormats = 64;
  const auto id_of = [this](const DatePattern& one) {
    const auto at = std::find_if(formats_.begin(), formats_.end(),
                                 [&one](const DatePattern& known) { return known.same_as(one); });
    if (at != formats_.end()) return static_cast<std::ptrdiff_t>(at - formats_.begin());
    formats_.push_back(one);
    return static_cast<std::ptrdiff_t>(formats_.size()) - 1;
  };
  const std::ptrdiff_t id = id_of(pattern);
  if (formats_.size() > kMaxFormats) {
    if (!too_many_formats_)
      error(DiagnosticCode::too_many_formats, written.span, {std::to_string(kMaxFormats)});
    too_many_formats_ = true;
    formats_.pop_back();
    return;
  }
  for (const DatePattern& before : args.patterns) {
    const std::ptrdiff_t other = id_of(before);
    const std::pair pair(std::min(id, other), std::max(id, other));
    const auto [known, is_new] = formats_differ_.try_emplace(pair);
    if (is_new) known->second = DatePattern::can_differ(before, pattern);
    if (known->second)
      error(DiagnosticCode::dates_ambiguous, written.span,
            {written.text, std::string(before.words())});
  }
  args.patterns.push_back(std::move(pattern));
}

/// Compiles a date pattern; `reads`: it is one of `read`, not of `write`.
bool Compiler::pattern_words(const Text& words, const Column& column, bool reads,
                             DatePattern& out) {
  int first_year = -1;
  if (column.two_digit_years.stated()) {
    const std::string_view range = column.two_digit_years.view();
    int last_year = 0;
    const std::size_t dash = range.find('-');
    const bool right = dash != std::string_view::npos &&
                       count_of(range.substr(0, dash), first_year) &&
                       count_of(range.substr(dash + 1), last_year) &&
                       last_year == first_year + 99 && last_year <= 9999;
    if (!right) {
      error(DiagnosticCode::value_wrong, column.two_digit_years.span,
            {column.two_digit_years.text, "two_digit_years", PhraseCode::a_hundred_years});
      return false;
    }
  }
  const Names names = names_of(column.months.view());
  DatePattern::Problem problem;
  if (!DatePattern::compile(words.text, names, first_year, out, problem)) {
    error(DiagnosticCode::date_pattern, words.span, {words.text, problem.what});
    return false;
  }
  if (out.needs_names() && names == Names::none) {
    if (!column.has("months")) error(DiagnosticCode::months_missing, words.span, {words.text});
    return false;
  }
  if (const PhraseCode why = reads ? out.why_not_read() : out.why_not_written();
      why != PhraseCode::none) {
    error(DiagnosticCode::date_pattern, words.span, {words.text, why});
    return false;
  }
  if (reads && out.needs_century() && first_year < 0) {
    if (!column.has("two_digit_years"))
      error(DiagnosticCode::century_missing, words.span, {words.text});
    return false;
  }
  return true;
}

/// The index of a zone that the mapping states, or that a field names.
int Compiler::zone(const FromOr& zone, PathIndex path, const char* word, std::uint32_t at,
                   std::vector<int>& dynamic_zones) {
  PlanZone made;
  if (zone.from.stated()) {
    made.field = helper(zone, path, word, at);
    dynamic_zones.push_back(static_cast<int>(plan_->zones.size()));
  } else if (!Zone::find(zone.constant.text, made.zone)) {
    const std::string near = nearest_zone(zone.constant.text);
    error(DiagnosticCode::zone_unknown, zone.constant.span,
          {zone.constant.text, near.empty() ? Phrase(PhraseCode::names_of_zones)
                                            : Phrase(PhraseCode::did_you_mean, {near})});
  }
  plan_->zones.push_back(std::move(made));
  return static_cast<int>(plan_->zones.size() - 1);
}

void Compiler::date(ColumnIndex index) {
  const Column& column = written(index);
  auto args = std::make_shared<DateArgs>();
  args->target = made(index).format.kind;
  std::vector<Text> words = column.read;
  if (words.empty())
    words.push_back(
        {.text = args->target == Kind::time ? "HH:mm:ss" : "ISO-8601", .span = column.type.span});
  if (reads_day(index)) {
    if (!column.read.empty())
      error(DiagnosticCode::words_together, column.key_span("read"),
            {"read", "days_from", PhraseCode::the_item_is_a_day});
    words.assign(1, {.text = "YYYY-MM-DD", .span = column.type.span});
  }
  bool wrong = false;  // what a wrong pattern would have had is not known
  bool any_time = false;
  bool lacks_offset = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    DatePattern pattern;
    if (!pattern_words(words[i], column, true, pattern)) {
      wrong = true;
      continue;
    }
    const bool fits = args->target == Kind::time       ? pattern.has_time()
                      : args->target == Kind::datetime ? pattern.has_date() && pattern.has_time()
                                                       : pattern.has_date();
    if (!fits)
      error(DiagnosticCode::date_pattern_kind, words[i].span,
            {words[i].text, std::string(column.type.view())});
    any_time = any_time || pattern.has_time();
    lacks_offset = lacks_offset || (pattern.has_time() && pattern.has_date() &&
                                    pattern.offset() != DatePattern::Offset::always);
    add_format(std::move(pattern), words[i], *args);
  }
  args->shown = listed(words);
  if (column.no_zone_means.stated())
    args->no_zone_means =
        zone(column.no_zone_means, helper_paths_[index].no_zone_means, "no_zone_means",
             place(column.key_span("no_zone_means")), made(index).dynamic_zones);
  if (column.zone.stated()) {
    args->zone = zone(column.zone, helper_paths_[index].zone, "zone",
                      place(column.key_span("zone")), made(index).dynamic_zones);
    if (!any_time && !wrong) error(DiagnosticCode::zone_without_time, column.key_span("zone"), {});
    // ISO-8601 alone may carry its offset; where a pattern has a time and can have none, the
    // mapping must say what it means.
    const bool iso_only =
        std::all_of(args->patterns.begin(), args->patterns.end(), [](const DatePattern& p) {
          return !p.has_time() || p.offset() != DatePattern::Offset::never;
        });
    if (any_time && lacks_offset && !iso_only && !column.has("no_zone_means"))
      error(DiagnosticCode::zone_needs_default, column.key_span("zone"), {});
  } else if (column.no_zone_means.stated() && !any_time && !wrong) {
    error(DiagnosticCode::zone_without_time, column.key_span("no_zone_means"), {});
  }
  args->clock_change = column.clock_change.view() == "earlier" ? ClockChange::earlier
                       : column.clock_change.view() == "later" ? ClockChange::later
                                                               : ClockChange::reject;
  const Span at = column.key_span("read");
  made(index).steps.push_back(
      step(kReadDate, std::move(args), place(at.line != 0 ? at : column.key_span("type"))));
}

}  // namespace trama
