#include "report/summary.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/keyed_hash.h"
#include "report/shown_text.h"

namespace trama {
namespace {

void append_value(std::string& key, const ToldValue& value) {
  key += static_cast<char>(value.form);
  key += std::to_string(value.text.size());
  key += ' ';
  key += value.text;
}

/// All that makes a kind of warning, so that two keys are equal only where the kinds are.
std::string key_of(const Summary::Warning& kind) {
  std::string key;
  key += static_cast<char>(kind.about.kind);
  key += static_cast<char>(kind.told.reason);
  key += static_cast<char>(kind.notice);
  key += std::to_string(kind.about.index);
  append_value(key, kind.told.a);
  append_value(key, kind.told.b);
  return key;
}

void add(ColumnCounts& to, const ColumnCounts& more) {
  to.missing += more.missing;
  to.null += more.null;
  to.empty += more.empty;
  to.defaults += more.defaults;
  to.wrong_not_rejected += more.wrong_not_rejected;
  to.wrong_blank += more.wrong_blank;
}

}  // namespace

std::size_t Summary::ErrorKindHash::operator()(const ErrorKind& kind) const noexcept {
  const std::uint64_t all = std::uint64_t{kind.about.index} |
                            std::uint64_t{static_cast<std::uint8_t>(kind.about.kind)} << 32U |
                            std::uint64_t{static_cast<std::uint8_t>(kind.code)} << 40U;
  return static_cast<std::size_t>(all * 0x9E3779B97F4A7C15U >> 16U);  // mixed upwards
}

std::size_t Summary::TextHash::operator()(const std::string& text) const noexcept {
  return static_cast<std::size_t>(keyed_hash(text));  // texts of the data
}

Summary::WarningCode Summary::code_of_warning(const Warning& kind) noexcept {
  const bool is_notice = kind.told.reason == Reason::none;
  return {kind.about, is_notice,
          is_notice ? static_cast<std::uint8_t>(kind.notice)
                    : static_cast<std::uint8_t>(code_of(kind.told.reason))};
}

void Summary::warn(Warning kind, const RecordRef& at, std::string_view item) {
  ++warnings;
  Tally& alike = warning_codes[code_of_warning(kind)];
  if (alike.count++ == 0) {
    alike.first = at;
    alike.first.item = shortened(item, kKeptCharacters);
  }
  const auto [found, is_new] = warning_index.try_emplace(key_of(kind), warning_kinds.size());
  if (is_new) {
    kind.tally = {0, at};
    kind.tally.first.item = shortened(item, kKeptCharacters);
    kept_bytes += sizeof(Warning) + found->first.size() + at.id.size() + item.size();
    warning_kinds.push_back(std::move(kind));
  }
  ++warning_kinds[found->second].tally.count;
}

void Summary::warn_again(const Warning& kind, std::uint64_t count) {
  warnings += count;
  warning_codes[code_of_warning(kind)].count += count;
  warning_kinds[warning_index.at(key_of(kind))].tally.count += count;
}

void Summary::add_kind(Warning&& kind) {
  const auto [found, is_new] = warning_index.try_emplace(key_of(kind), warning_kinds.size());
  if (is_new) {
    warning_kinds.push_back(std::move(kind));
  } else {
    warning_kinds[found->second].tally.count += kind.tally.count;
  }
}

Balance& Balance::operator+=(const Balance& more) noexcept {
  read += more.read;
  written += more.written;
  rejected += more.rejected;
  skipped += more.skipped;
  duplicates += more.duplicates;
  rows += more.rows;
  return *this;
}

void Summary::merge(Summary&& later) {
  if (later.operations) {
    if (!operations) operations.emplace();
    for (std::size_t i = 0; i < kOperations; ++i) (*operations)[i] += (*later.operations)[i];
  }
  Balance::operator+=(later);
  items_left_out += later.items_left_out;
  made_safe += later.made_safe;
  bytes += later.bytes;
  parsed += later.parsed;
  warnings += later.warnings;
  warnings_not_kept += later.warnings_not_kept;

  columns.resize(std::max(columns.size(), later.columns.size()));
  for (std::size_t i = 0; i < later.columns.size(); ++i) add(columns[i], later.columns[i]);

  for (auto& [key, tally] : later.notices) {
    const auto [found, is_new] = notices.try_emplace(key, tally);
    if (!is_new) found->second.count += tally.count;
  }
  fields.resize(std::max(fields.size(), later.fields.size()));
  for (std::size_t i = 0; i < later.fields.size(); ++i)
    fields[i] = std::max(fields[i], later.fields[i]);

  for (auto& [key, tally] : later.errors) {
    const auto [found, is_new] = errors.try_emplace(key, tally);
    if (!is_new) found->second.count += tally.count;
  }
  for (auto& [code, tally] : later.warning_codes) {
    const auto [found, is_new] = warning_codes.try_emplace(code, tally);
    if (!is_new) found->second.count += tally.count;
  }
  for (auto& [key, those] : later.unknown) {
    const auto [found, is_new] = unknown.try_emplace(key, std::move(those));
    if (is_new) continue;
    found->second.tally.count += those.tally.count;
    found->second.hidden = found->second.hidden || those.hidden;
    found->second.values.merge(std::move(those.values));
  }
  for (Warning& kind : later.warning_kinds) add_kind(std::move(kind));
  const auto room =
      static_cast<std::ptrdiff_t>(kKeptRejects - std::min(kKeptRejects, shown.size()));
  const auto taken = std::min(room, std::ssize(later.shown));
  std::move(later.shown.begin(), later.shown.begin() + taken, std::back_inserter(shown));
}

void Summary::limit_kept() {
  for (auto& [key, those] : unknown) those.values.limit();
  std::size_t stays = limited_;
  for (std::size_t i = limited_; i < warning_kinds.size(); ++i) {
    Warning& kind = warning_kinds[i];
    std::size_t& alike = kept_alike_[code_of_warning(kind)];
    if (stays >= kKeptTallies || alike >= kKeptAlike) {
      warnings_not_kept += kind.tally.count;
      warning_index.erase(key_of(kind));
      continue;
    }
    ++alike;
    warning_index[key_of(kind)] = stays;
    if (stays != i) warning_kinds[stays] = std::move(kind);
    ++stays;
  }
  warning_kinds.resize(stays);
  limited_ = stays;
}

}  // namespace trama
