// ParquetColumn: one leaf of the schema in a row group that is being made: what its rows have, as
// pages (parquet-format, README.md "Data Pages"; PageIndex.md). Only for sink/.
//
//   column.take(row) …  column.end_page(first_row)     again and again: a page
//   column.finish(offset)  column.parts() …            the column chunk
//
// A column whose first page repeats its values has a dictionary, as long as it stays small
// (Encodings.md, RLE_DICTIONARY). Pages are compressed by zstd.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_buffer.h"
#include "sink/parquet_schema.h"

namespace trama {

/// Where the pages of a file are put together and compressed, one after the other: what columns need
/// for it is there once.
class PageCompressor {
 public:
  PageCompressor();
  ~PageCompressor();
  PageCompressor(const PageCompressor&) = delete;
  PageCompressor& operator=(const PageCompressor&) = delete;

  /// The page, before it is compressed.
  std::string& body() noexcept { return body_; }
  /// Its values, where they are in a dictionary.
  std::vector<std::uint32_t>& indices() noexcept { return indices_; }
  /// The body compressed; valid until the next call.
  std::string_view compress();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::string body_;
  std::vector<std::uint32_t> indices_;
  ByteBuffer out_;
};

/// Bounds of some values as Statistics and ColumnIndex have them: PLAIN, bytes without their length;
/// long ones are cut, so that they bound the values all the same.
struct ParquetBounds {
  std::string least;
  std::string most;
  bool least_exact = true;
  bool most_exact = true;
};

/// Different values of a column, by their order in its dictionary page.
class ParquetDictionary {
 public:
  /// The index of `value` (PLAIN), which is added where it is new; nothing: the dictionary is full.
  std::optional<std::uint32_t> index_of(std::string_view value);
  [[nodiscard]] std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(ends_.size());
  }
  /// All of them, PLAIN.
  [[nodiscard]] std::string_view values() const noexcept { return values_; }
  void clear();

 private:
  [[nodiscard]] std::string_view value(std::uint32_t index) const noexcept;
  void grow();

  std::string values_;
  std::vector<std::uint32_t> ends_;   // by index
  std::vector<std::uint32_t> slots_;  // index + 1, by hash; 0: free
};

class ParquetColumn {
 public:
  ParquetColumn(const ParquetLeaf& leaf, PageCompressor& compressor);

  /// Takes the leaf's part of a row off the front of `rows`.
  void take(std::string_view& rows);
  /// What was taken is a page. `first_row`: its first, from 0 in the row group. Gives how many bytes
  /// the chunk takes more than before.
  std::size_t end_page(std::uint64_t first_row);

  /// No page follows. `offset`: of the chunk in the file.
  void finish(std::uint64_t offset);
  /// What is to be written there, one behind the other.
  [[nodiscard]] std::vector<std::string_view> parts() const;
  /// Bytes of all pages with their headers, and what they were before they were compressed.
  [[nodiscard]] std::uint64_t compressed() const noexcept { return compressed_; }
  [[nodiscard]] std::uint64_t uncompressed() const noexcept { return uncompressed_; }
  /// Field `id` of a ColumnChunk, a ColumnMetaData.
  void write_metadata(ThriftWriter& thrift, int id) const;
  /// A ColumnIndex; nothing where the values have no bounds.
  void append_column_index(std::string& out) const;
  void append_offset_index(std::string& out) const;
  /// The next chunk begins.
  void clear();

 private:
  struct Page {
    std::string bytes;  // header and body
    std::uint64_t first_row = 0;
    std::uint64_t nulls = 0;
    std::optional<ParquetBounds> bounds;  // none: only blanks, or values that have none
    bool blank = true;                    // no value is there
    bool indices = false;                 // into the dictionary
  };

  void take_value(std::string_view& rows);
  [[nodiscard]] std::size_t size_at(std::string_view values) const noexcept;
  [[nodiscard]] bool look_up();
  [[nodiscard]] std::optional<ParquetBounds> bounds() const;
  [[nodiscard]] bool has_bounds() const noexcept;
  [[nodiscard]] std::optional<ParquetBounds> bounds_of_chunk() const;
  void append_levels(const std::string& levels, std::uint8_t most);
  void append_values();
  [[nodiscard]] std::size_t held() const noexcept;
  /// The page whose body is in compressor_; `header` writes what is of its kind.
  template <typename Header>
  std::string packed(int type, const Header& header);

  const ParquetLeaf& leaf_;
  PageCompressor& compressor_;
  // Of the page that is being made.
  std::string repetitions_;  // a level a byte
  std::string definitions_;
  ByteBuffer values_;        // PLAIN, but a boolean is a byte
  std::size_t count_ = 0;    // of values that are there
  std::size_t entries_ = 0;  // of these and blanks
  // Of the chunk.
  std::vector<Page> pages_;
  std::string dictionary_page_;
  enum class Indices : std::uint8_t { unknown, used, given_up } state_ = Indices::unknown;
  ParquetDictionary dictionary_;
  std::uint64_t offset_ = 0;
  std::uint64_t all_entries_ = 0;
  std::uint64_t compressed_ = 0;
  std::uint64_t uncompressed_ = 0;
};

}  // namespace trama
