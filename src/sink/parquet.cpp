// Parquet: columns with their types, for DuckDB, Spark and pandas (github.com/apache/parquet-format).
//
//   "PAR1"
//   row group:  of each column its pages; then of each column its ColumnIndex, its OffsetIndex
//   …
//   FileMetaData, its length in 4 bytes, "PAR1"
//
// Pages and row groups end where the rows say so, by their number and their bytes: how the input was
// cut into splits and who mapped them makes no difference. What is held is a row group, packed, and
// the rows of one page of each column; of a group that was written only its metadata, which the file
// has at its end: about 150 bytes a column.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/version.h"
#include "sink/file_target.h"
#include "sink/format.h"
#include "sink/parquet_column.h"
#include "sink/parquet_rows.h"
#include "sink/parquet_schema.h"
#include "sink/thrift_compact.h"

namespace trama {
namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr std::int32_t kVersion = 1;  // parquet.thrift, FileMetaData: what all readers take

constexpr std::uint64_t kPageRows = 20'000;
constexpr std::size_t kPagesBytes = std::size_t{8} << 20U;  // of the pages of all columns
constexpr std::uint64_t kGroupRows = 50 * kPageRows;
constexpr std::size_t kGroupBytes = std::size_t{32} << 20U;  // packed, with its dictionaries

class ParquetTarget final : public FileTarget {
 public:
  static Result<std::unique_ptr<Target>> open(const TargetPlace& place,
                                              const OutputFormat& format) {
    TRAMA_TRY(std::unique_ptr<OutputFile> file, open_file(place));
    std::unique_ptr<Target> target(new ParquetTarget(std::move(file), format));
    return target;
  }

  Result<void> begin() override { return put(kMagic); }

  Result<void> take(RowBlock&& block) override {
    for (std::string_view rows = block.bytes; !rows.empty();) {
      const std::size_t before = rows.size();
      for (ParquetColumn& column : columns_) column.take(rows);
      page_bytes_ += before - rows.size();
      ++page_rows_;
      if (page_rows_ == kPageRows || page_bytes_ >= kPagesBytes) TRAMA_TRY_VOID(end_pages());
    }
    return {};
  }

  Result<void> end() override {
    if (page_rows_ > 0) TRAMA_TRY_VOID(end_pages());
    if (group_rows_ > 0) TRAMA_TRY_VOID(end_group());
    std::string footer;
    ThriftWriter thrift(footer);
    thrift.begin();  // FileMetaData
    thrift.i32(1, kVersion);
    write_schema(thrift, 2, schema_);
    thrift.i64(3, static_cast<std::int64_t>(rows_));
    thrift.list(4, ThriftType::structure, groups_);
    thrift.written(group_metadata_);
    thrift.binary(6, "trama version " + std::string(version()));
    thrift.list(7, ThriftType::structure, schema_.leaves.size());
    for (std::size_t i = 0; i < schema_.leaves.size(); ++i) {  // ColumnOrder.TYPE_ORDER
      thrift.begin();
      thrift.begin(1);
      thrift.end();
      thrift.end();
    }
    thrift.end();
    const auto length = static_cast<std::uint32_t>(footer.size());
    footer.append(reinterpret_cast<const char*>(&length), sizeof(length));
    footer += kMagic;
    return put(footer);
  }

 private:
  ParquetTarget(std::unique_ptr<OutputFile> file, const OutputFormat& format)
      : FileTarget(std::move(file)), schema_(parquet_schema(format)) {
    columns_.reserve(schema_.leaves.size());
    for (const ParquetLeaf& leaf : schema_.leaves) columns_.emplace_back(leaf, compressor_);
  }

  Result<void> put(std::string_view bytes) {
    offset_ += bytes.size();
    return write(bytes);
  }

  Result<void> end_pages() {
    for (ParquetColumn& column : columns_) group_bytes_ += column.end_page(group_rows_);
    group_rows_ += std::exchange(page_rows_, 0);
    page_bytes_ = 0;
    return group_rows_ >= kGroupRows || group_bytes_ >= kGroupBytes ? end_group() : Result<void>();
  }

  /// Where an index of a column was written.
  struct IndexPlace {
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };

  template <typename Append>
  Result<std::vector<IndexPlace>> put_indexes(const Append& append) {
    std::vector<IndexPlace> places;
    std::string index;
    for (const ParquetColumn& column : columns_) {
      index.clear();
      append(column, index);
      places.push_back({offset_, index.size()});
      TRAMA_TRY_VOID(put(index));
    }
    return places;
  }

  Result<void> end_group() {
    const std::uint64_t start = offset_;
    std::uint64_t compressed = 0;
    std::uint64_t uncompressed = 0;
    for (ParquetColumn& column : columns_) {
      column.finish(offset_);
      for (const std::string_view part : column.parts()) TRAMA_TRY_VOID(put(part));
      compressed += column.compressed();
      uncompressed += column.uncompressed();
    }
    TRAMA_TRY(const auto column_indexes, put_indexes([](const ParquetColumn& c, std::string& out) {
                c.append_column_index(out);
              }));
    TRAMA_TRY(const auto offset_indexes, put_indexes([](const ParquetColumn& c, std::string& out) {
                c.append_offset_index(out);
              }));
    ThriftWriter thrift(group_metadata_);
    thrift.begin();  // RowGroup
    thrift.list(1, ThriftType::structure, columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      thrift.begin();    // ColumnChunk
      thrift.i64(2, 0);  // there is no ColumnMetaData but this
      columns_[i].write_metadata(thrift, 3);
      write_place(thrift, 4, offset_indexes[i]);
      if (column_indexes[i].size > 0) write_place(thrift, 6, column_indexes[i]);
      thrift.end();
      columns_[i].clear();
    }
    thrift.i64(2, static_cast<std::int64_t>(uncompressed));
    thrift.i64(3, static_cast<std::int64_t>(group_rows_));
    thrift.i64(5, static_cast<std::int64_t>(start));
    thrift.i64(6, static_cast<std::int64_t>(compressed));
    thrift.end();
    ++groups_;
    rows_ += std::exchange(group_rows_, 0);
    group_bytes_ = 0;
    return {};
  }

  static void write_place(ThriftWriter& thrift, int id, const IndexPlace& place) {
    thrift.i64(id, static_cast<std::int64_t>(place.offset));
    thrift.i32(id + 1, static_cast<std::int32_t>(place.size));
  }

  const ParquetSchema schema_;
  PageCompressor compressor_;
  std::vector<ParquetColumn> columns_;  // by leaf
  std::uint64_t offset_ = 0;            // of the next byte in the file
  std::uint64_t page_rows_ = 0;
  std::size_t page_bytes_ = 0;
  std::uint64_t group_rows_ = 0;  // without those of the pages that are being made
  std::size_t group_bytes_ = 0;
  std::string group_metadata_;  // RowGroup structures
  std::size_t groups_ = 0;
  std::uint64_t rows_ = 0;
};

constexpr std::string_view kEndings[] = {".parquet"};

}  // namespace

constinit const FormatSpec kParquetFormat{
    .name = "parquet",
    .summary = "A Parquet file: columns with their types, for DuckDB, Spark and pandas.",
    .words = {},
    .nests = true,
    .endings = kEndings,
    .leaves_blanks_out = true,
    .encoder = parquet_encoder,
    .target = ParquetTarget::open,
};

}  // namespace trama
