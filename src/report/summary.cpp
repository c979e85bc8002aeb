#include "report/summary.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace trama {
namespace {

std::string key_of(const std::string& code, const std::string& where, const std::string& message) {
  std::string key = code;
  key += '\0';
  key += where;
  key += '\0';
  key += message;
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

void Summary::warn(const std::string& code, const std::string& where, const std::string& message,
                   const RecordRef& at, std::string_view item) {
  ++warnings;
  const auto [found, is_new] =
      warning_index.try_emplace(key_of(code, where, message), warning_kinds.size());
  if (is_new) {
    warning_kinds.push_back({code, where, message, {0, at}});
    warning_kinds.back().tally.first.item = item;
  }
  ++warning_kinds[found->second].tally.count;
}

void Summary::merge(Summary&& later) {
  read += later.read;
  written += later.written;
  rejected += later.rejected;
  skipped += later.skipped;
  duplicates += later.duplicates;
  rows += later.rows;
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
  for (Warning& kind : later.warning_kinds) {
    const auto [found, is_new] = warning_index.try_emplace(
        key_of(kind.code, kind.where, kind.message), warning_kinds.size());
    if (is_new) {
      warning_kinds.push_back(std::move(kind));
    } else {
      warning_kinds[found->second].tally.count += kind.tally.count;
    }
  }
  const auto room =
      static_cast<std::ptrdiff_t>(kShownRejects - std::min(kShownRejects, shown.size()));
  const auto taken = std::min(room, std::ssize(later.shown));
  std::move(later.shown.begin(), later.shown.begin() + taken, std::back_inserter(shown));
}

std::string item_words(std::string_view item, std::uint32_t row) {
  std::string words(item);
  if (row > 0) words += (item.empty() ? "row " : ", row ") + std::to_string(row);
  return words;
}

void Summary::limit_kept() {
  while (warning_kinds.size() > kKeptTallies) {
    const Warning& last = warning_kinds.back();
    warnings_not_kept += last.tally.count;
    warning_index.erase(key_of(last.code, last.where, last.message));
    warning_kinds.pop_back();
  }
}

}  // namespace trama
