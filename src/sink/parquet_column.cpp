#include "sink/parquet_column.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "base/check.h"
#include "base/keyed_hash.h"
#include "base/utf8.h"
#include "sink/parquet_hybrid.h"
#include "sink/thrift_compact.h"

namespace trama {
namespace {

// parquet.thrift: PageType, Encoding, CompressionCodec, BoundaryOrder.
constexpr int kDataPage = 0;
constexpr int kDictionaryPage = 2;
constexpr int kPlain = 0;
constexpr int kRle = 3;
constexpr int kRleDictionary = 8;
constexpr int kZstd = 6;
constexpr int kUnordered = 0;

constexpr int kZstdLevel = 1;
constexpr std::size_t kBoundBytes = 64;  // of a text in statistics: PageIndex.md asks for some end
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kKeptBytes = std::size_t{32} << 10U;  // of each column, for its next page
constexpr std::size_t kKeptBody = std::size_t{4} << 20U;

// A dictionary pays where a value is there twice, on average, in the first page of a chunk.
constexpr std::size_t kDictionaryBytes = std::size_t{256} << 10U;
constexpr std::uint32_t kDictionaryValues = 1U << 15U;
constexpr std::size_t kEnoughToJudge = 1024;

template <typename T>
T plain_at(const char* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

/// Of kFixedBytes, the highest byte first.
Int128 decimal_at(const char* at) noexcept {
  const UInt128 high = __builtin_bswap64(plain_at<std::uint64_t>(at));
  const UInt128 low = __builtin_bswap64(plain_at<std::uint64_t>(at + 8));
  return static_cast<Int128>((high << 64U) | low);
}

/// Order of bounds (parquet.thrift, ColumnOrder: TYPE_ORDER).
bool less(ParquetType type, std::string_view a, std::string_view b) noexcept {
  switch (type) {
    case ParquetType::int32:
      return plain_at<std::int32_t>(a.data()) < plain_at<std::int32_t>(b.data());
    case ParquetType::int64:
      return plain_at<std::int64_t>(a.data()) < plain_at<std::int64_t>(b.data());
    case ParquetType::fixed_len_byte_array:
      return decimal_at(a.data()) < decimal_at(b.data());
    default:
      return a < b;
  }
}

/// The beginning of a text, whole characters: not more than the text.
std::string_view beginning(std::string_view text) noexcept {
  std::size_t size = kBoundBytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

/// A text that is not less than all that begin so; empty where there is none. UTF-8 has the order of
/// its code points.
std::string above(std::string_view text) {
  constexpr char32_t kLastBeforeSurrogates = 0xD7FF;
  constexpr char32_t kFirstAfterSurrogates = 0xE000;
  constexpr char32_t kLast = 0x10FFFF;
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
    std::string bound(text.substr(0, at));
    std::size_t from = at;
    const char32_t last = next_code_point(text, from);
    text.remove_suffix(text.size() - at);
    if (last == kLast) continue;
    append_utf8(bound, last == kLastBeforeSurrogates ? kFirstAfterSurrogates : last + 1);
    return bound;
  }
  return {};
}

/// Texts of any length as bounds; nothing where there are none.
std::optional<ParquetBounds> bounds_of_texts(std::string_view least, std::string_view most) {
  ParquetBounds bounds{std::string(least), std::string(most)};
  for (const std::string_view text : {least, most})
    if (text.size() > kBoundBytes && first_invalid_utf8(text) != kValidUtf8) return std::nullopt;
  if (least.size() > kBoundBytes) {
    bounds.least = beginning(least);
    bounds.least_exact = false;
  }
  if (most.size() > kBoundBytes) {
    bounds.most = above(beginning(most));
    bounds.most_exact = false;
    if (bounds.most.empty()) return std::nullopt;
  }
  return bounds;
}

template <typename T>
ParquetBounds bounds_of_numbers(std::string_view values) {
  T least = plain_at<T>(values.data());
  T most = least;
  for (std::size_t at = sizeof(T); at < values.size(); at += sizeof(T)) {
    const T value = plain_at<T>(values.data() + at);
    least = std::min(least, value);
    most = std::max(most, value);
  }
  return {std::string(reinterpret_cast<const char*>(&least), sizeof(T)),
          std::string(reinterpret_cast<const char*>(&most), sizeof(T))};
}

void take_plain(std::size_t size, std::string_view& rows, ByteBuffer& out) {
  out.append(rows.substr(0, size));
  rows.remove_prefix(size);
}

std::uint8_t take_byte(std::string_view& rows) noexcept {
  const auto byte = static_cast<std::uint8_t>(rows.front());
  rows.remove_prefix(1);
  return byte;
}

}  // namespace

struct PageCompressor::Context {
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  Context() {
    if (zstd == nullptr) throw std::bad_alloc();
  }
  ~Context() { ZSTD_freeCCtx(zstd); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

PageCompressor::PageCompressor() : context_(std::make_unique<Context>()) {}
PageCompressor::~PageCompressor() = default;

std::string_view PageCompressor::compress() {
  const std::size_t most = ZSTD_compressBound(body_.size());
  out_.give_back(kKeptBody);
  out_.need(most);
  const std::size_t size =
      ZSTD_compressCCtx(context_->zstd, out_.at(), most, body_.data(), body_.size(), kZstdLevel);
  if (ZSTD_isError(size) != 0)
    throw std::bad_alloc();  // with room for the page, nothing else fails
  out_.end(out_.at() + size);
  return out_.view();
}

std::string_view ParquetDictionary::value(std::uint32_t index) const noexcept {
  const std::size_t from = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(values_).substr(from, ends_[index] - from);
}

std::optional<std::uint32_t> ParquetDictionary::index_of(std::string_view value) {
  if (2 * ends_.size() >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = keyed_hash(value) & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask)
    if (this->value(slots_[slot] - 1) == value) return slots_[slot] - 1;
  if (size() >= kDictionaryValues || values_.size() + value.size() > kDictionaryBytes)
    return std::nullopt;
  values_ += value;
  ends_.push_back(static_cast<std::uint32_t>(values_.size()));
  slots_[slot] = size();
  return size() - 1;
}

void ParquetDictionary::grow() {
  constexpr std::size_t kFirstSlots = 64;
  slots_.assign(std::max(kFirstSlots, 2 * slots_.size()), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t index = 0; index < size(); ++index) {
    std::size_t slot = keyed_hash(value(index)) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = index + 1;
  }
}

void ParquetDictionary::clear() {
  values_ = {};
  ends_ = {};
  slots_ = {};
}

ParquetColumn::ParquetColumn(const ParquetLeaf& leaf, PageCompressor& compressor)
    : leaf_(leaf), compressor_(compressor) {
  clear();
}

void ParquetColumn::clear() {
  pages_.clear();
  dictionary_page_ = {};
  dictionary_.clear();
  state_ = leaf_.type == ParquetType::boolean ? Indices::given_up : Indices::unknown;
  all_entries_ = compressed_ = uncompressed_ = 0;
}

void ParquetColumn::take_value(std::string_view& rows) {
  take_plain(size_at(rows), rows, values_);
  ++count_;
}

/// Bytes of the value that is first in `values`.
std::size_t ParquetColumn::size_at(std::string_view values) const noexcept {
  switch (leaf_.type) {
    case ParquetType::boolean:
      return 1;
    case ParquetType::int32:
      return 4;
    case ParquetType::int64:
      return 8;
    case ParquetType::fixed_len_byte_array:
      return kFixedBytes;
    case ParquetType::byte_array:
      break;
  }
  return kLengthBytes + plain_at<std::uint32_t>(values.data());
}

void ParquetColumn::take(std::string_view& rows) {
  if (leaf_.max_repetition == 0) {
    ++entries_;
    if (leaf_.max_definition > 0) {
      const std::uint8_t there = take_byte(rows);
      definitions_ += static_cast<char>(there);
      if (there == 0) return;
    }
    return take_value(rows);
  }
  std::uint32_t count = plain_at<std::uint32_t>(rows.data());
  rows.remove_prefix(sizeof(count));
  entries_ += count;
  for (; count > 0; --count) {
    repetitions_ += static_cast<char>(take_byte(rows));
    const std::uint8_t definition = take_byte(rows);
    definitions_ += static_cast<char>(definition);
    if (definition == leaf_.max_definition) take_value(rows);
  }
}

std::size_t ParquetColumn::held() const noexcept {
  constexpr std::size_t kBytesOfIndex = 16;
  constexpr std::size_t kBytesOfPage = 256;  // with its bounds
  return compressed_ + dictionary_.values().size() + dictionary_.size() * kBytesOfIndex +
         pages_.size() * kBytesOfPage;
}

std::size_t ParquetColumn::end_page(std::uint64_t first_row) {
  const std::size_t before = held();
  Page page;
  page.first_row = first_row;
  page.nulls = entries_ - count_;
  page.blank = count_ == 0;
  page.bounds = bounds();
  page.indices = look_up();
  std::string& body = compressor_.body();
  body.clear();
  append_levels(repetitions_, leaf_.max_repetition);
  append_levels(definitions_, leaf_.max_definition);
  if (page.indices) {
    const int width = std::max(1, bits_for(dictionary_.size() - 1));
    body += static_cast<char>(width);
    append_hybrid(body, compressor_.indices(), width);
  } else {
    append_values();
  }
  page.bytes = packed(kDataPage, [&](ThriftWriter& thrift) {
    thrift.begin(5);  // DataPageHeader
    thrift.i32(1, static_cast<std::int32_t>(entries_));
    thrift.i32(2, page.indices ? kRleDictionary : kPlain);
    thrift.i32(3, kRle);
    thrift.i32(4, kRle);
    thrift.end();
  });
  all_entries_ += entries_;
  pages_.push_back(std::move(page));
  repetitions_.clear();
  definitions_.clear();
  values_.give_back(kKeptBytes);
  for (std::string* levels : {&repetitions_, &definitions_})
    if (levels->capacity() > kKeptBytes) *levels = {};
  if (body.capacity() > kKeptBody) body = {};
  entries_ = count_ = 0;
  return held() - before;
}

/// Levels of a data page: runs, behind their length (Encodings.md); none where there is one level.
void ParquetColumn::append_levels(const std::string& levels, std::uint8_t most) {
  if (most == 0) return;
  std::string& body = compressor_.body();
  const std::size_t from = body.size();
  body.append(kLengthBytes, '\0');
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(levels.data()),
                                            levels.size());
  append_hybrid(body, bytes, bits_for(most));
  const auto length = static_cast<std::uint32_t>(body.size() - from - kLengthBytes);
  std::memcpy(body.data() + from, &length, sizeof(length));
}

void ParquetColumn::append_values() {
  const std::string_view values = values_.view();
  if (leaf_.type == ParquetType::boolean)
    append_bits(compressor_.body(), {values.data(), values.size()});
  else
    compressor_.body() += values;
}

/// The page's values as indices; false: it is to be PLAIN.
bool ParquetColumn::look_up() {
  if (state_ == Indices::given_up || count_ == 0) return false;
  std::string_view values = values_.view();
  std::vector<std::uint32_t>& indices = compressor_.indices();
  indices.clear();
  while (!values.empty()) {
    const std::size_t size = size_at(values);
    const std::optional<std::uint32_t> index = dictionary_.index_of(values.substr(0, size));
    values.remove_prefix(size);
    if (index) indices.push_back(*index);
    const bool few = state_ == Indices::used || dictionary_.size() <= indices.size() / 2;
    const bool judged = indices.size() == kEnoughToJudge || values.empty();
    if (index && (few || !judged)) continue;
    if (state_ == Indices::unknown) dictionary_.clear();
    state_ = Indices::given_up;
    return false;
  }
  state_ = Indices::used;
  return true;
}

template <typename Header>
std::string ParquetColumn::packed(int type, const Header& header) {
  const std::string_view body = compressor_.compress();
  const std::size_t size = compressor_.body().size();
  std::string bytes;
  ThriftWriter thrift(bytes);
  thrift.begin();  // PageHeader
  thrift.i32(1, type);
  thrift.i32(2, static_cast<std::int32_t>(size));
  thrift.i32(3, static_cast<std::int32_t>(body.size()));
  header(thrift);
  thrift.end();
  uncompressed_ += bytes.size() + size;
  compressed_ += bytes.size() + body.size();
  std::string page;
  page.reserve(bytes.size() + body.size());
  page += bytes;
  page += body;
  return page;
}

bool ParquetColumn::has_bounds() const noexcept {
  return leaf_.kind != ParquetKind::json;  // a text that is cut is no JSON
}

/// Of the page's values.
std::optional<ParquetBounds> ParquetColumn::bounds() const {
  if (count_ == 0 || !has_bounds()) return std::nullopt;
  std::string_view values = values_.view();
  switch (leaf_.type) {
    case ParquetType::boolean:
      return bounds_of_numbers<std::int8_t>(values);
    case ParquetType::int32:
      return bounds_of_numbers<std::int32_t>(values);
    case ParquetType::int64:
      return bounds_of_numbers<std::int64_t>(values);
    default:
      break;
  }
  const bool texts = leaf_.type == ParquetType::byte_array;
  std::string_view least;
  std::string_view most;
  for (bool first = true; !values.empty(); first = false) {
    const std::size_t size = size_at(values);
    const std::string_view value = values.substr(0, size).substr(texts ? kLengthBytes : 0);
    values.remove_prefix(size);
    if (first || less(leaf_.type, value, least)) least = value;
    if (first || less(leaf_.type, most, value)) most = value;
  }
  if (texts) return bounds_of_texts(least, most);
  return ParquetBounds{std::string(least), std::string(most)};
}

std::optional<ParquetBounds> ParquetColumn::bounds_of_chunk() const {
  std::optional<ParquetBounds> all;
  for (const Page& page : pages_) {
    if (page.blank) continue;
    if (!page.bounds) return std::nullopt;
    if (!all) {
      all = page.bounds;
      continue;
    }
    if (less(leaf_.type, page.bounds->least, all->least)) {
      all->least = page.bounds->least;
      all->least_exact = page.bounds->least_exact;
    }
    if (less(leaf_.type, all->most, page.bounds->most)) {
      all->most = page.bounds->most;
      all->most_exact = page.bounds->most_exact;
    }
  }
  return all;
}

void ParquetColumn::finish(std::uint64_t offset) {
  offset_ = offset;
  if (dictionary_.size() == 0) return;
  compressor_.body() = dictionary_.values();
  dictionary_page_ = packed(kDictionaryPage, [&](ThriftWriter& thrift) {
    thrift.begin(7);  // DictionaryPageHeader
    thrift.i32(1, static_cast<std::int32_t>(dictionary_.size()));
    thrift.i32(2, kPlain);
    thrift.end();
  });
}

std::vector<std::string_view> ParquetColumn::parts() const {
  std::vector<std::string_view> parts;
  if (!dictionary_page_.empty()) parts.emplace_back(dictionary_page_);
  for (const Page& page : pages_) parts.emplace_back(page.bytes);
  return parts;
}

void ParquetColumn::write_metadata(ThriftWriter& thrift, int id) const {
  const bool dictionary = !dictionary_page_.empty();
  const auto of_indices = static_cast<std::int64_t>(
      std::count_if(pages_.begin(), pages_.end(), [](const Page& page) { return page.indices; }));
  const auto of_values = static_cast<std::int64_t>(pages_.size()) - of_indices;
  thrift.begin(id);
  thrift.i32(1, static_cast<std::int32_t>(leaf_.type));
  thrift.list(2, ThriftType::i32, dictionary ? 3 : 2);
  thrift.integer(kPlain);
  thrift.integer(kRle);
  if (dictionary) thrift.integer(kRleDictionary);
  thrift.list(3, ThriftType::binary, leaf_.path.size());
  for (const std::string& name : leaf_.path) thrift.binary(name);
  thrift.i32(4, kZstd);
  thrift.i64(5, static_cast<std::int64_t>(all_entries_));
  thrift.i64(6, static_cast<std::int64_t>(uncompressed_));
  thrift.i64(7, static_cast<std::int64_t>(compressed_));
  thrift.i64(9, static_cast<std::int64_t>(offset_ + dictionary_page_.size()));
  if (dictionary) thrift.i64(11, static_cast<std::int64_t>(offset_));
  thrift.begin(12);  // Statistics
  std::uint64_t nulls = 0;
  for (const Page& page : pages_) nulls += page.nulls;
  thrift.i64(3, static_cast<std::int64_t>(nulls));
  if (const std::optional<ParquetBounds> bounds = bounds_of_chunk()) {
    thrift.binary(5, bounds->most);
    thrift.binary(6, bounds->least);
    thrift.boolean(7, bounds->most_exact);
    thrift.boolean(8, bounds->least_exact);
  }
  thrift.end();
  const auto pages = [&](int type, int encoding, std::int64_t count) {  // PageEncodingStats
    thrift.begin();
    thrift.i32(1, type);
    thrift.i32(2, encoding);
    thrift.i32(3, static_cast<std::int32_t>(count));
    thrift.end();
  };
  thrift.list(13, ThriftType::structure,
              (dictionary ? 1U : 0U) + (of_indices > 0 ? 1U : 0U) + (of_values > 0 ? 1U : 0U));
  if (dictionary) pages(kDictionaryPage, kPlain, 1);
  if (of_indices > 0) pages(kDataPage, kRleDictionary, of_indices);
  if (of_values > 0) pages(kDataPage, kPlain, of_values);
  thrift.end();
}

void ParquetColumn::append_column_index(std::string& out) const {
  const auto known = [](const Page& page) { return page.blank || page.bounds; };
  if (!has_bounds() || !std::all_of(pages_.begin(), pages_.end(), known)) return;
  ThriftWriter thrift(out);
  thrift.begin();
  thrift.list(1, ThriftType::boolean, pages_.size());
  for (const Page& page : pages_) thrift.boolean(page.blank);
  thrift.list(2, ThriftType::binary, pages_.size());
  for (const Page& page : pages_) thrift.binary(page.bounds ? page.bounds->least : std::string());
  thrift.list(3, ThriftType::binary, pages_.size());
  for (const Page& page : pages_) thrift.binary(page.bounds ? page.bounds->most : std::string());
  thrift.i32(4, kUnordered);
  thrift.list(5, ThriftType::i64, pages_.size());
  for (const Page& page : pages_) thrift.integer(static_cast<std::int64_t>(page.nulls));
  thrift.end();
}

void ParquetColumn::append_offset_index(std::string& out) const {
  ThriftWriter thrift(out);
  thrift.begin();
  thrift.list(1, ThriftType::structure, pages_.size());
  std::uint64_t offset = offset_ + dictionary_page_.size();
  for (const Page& page : pages_) {
    thrift.begin();  // PageLocation
    thrift.i64(1, static_cast<std::int64_t>(offset));
    thrift.i32(2, static_cast<std::int32_t>(page.bytes.size()));
    thrift.i64(3, static_cast<std::int64_t>(page.first_row));
    thrift.end();
    offset += page.bytes.size();
  }
  thrift.end();
}

}  // namespace trama
