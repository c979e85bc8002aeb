#include "sink/workbook_proof.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/retried.h"

namespace trama {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10U;
/// A part that is no sheet, or what stands around the rows of one: a line for each column at most.
constexpr std::size_t kPartAtMost = std::size_t{16} << 20U;

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kEndOfCentral = 0x06054b50;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kEndBytes = 22;

/// All of `size` bytes.
bool read_at(int fd, std::uint64_t at, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = retried([&] { return ::pread(fd, out, size, static_cast<off_t>(at)); });
    if (got <= 0) return false;
    out += got;
    at += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

/// A number of a zip file, which is little-endian.
std::uint32_t number(const char* at, std::size_t bytes) noexcept {
  std::uint32_t n = 0;
  for (std::size_t i = bytes; i > 0; --i) n = n << 8U | static_cast<unsigned char>(at[i - 1]);
  return n;
}

/// The text of a part that is held whole: it begins as XML and ends with the end of its root.
bool is_whole_xml(std::string_view text) {
  if (!text.starts_with("<?xml ")) return false;
  const std::size_t root = text.find('<', text.find("?>"));
  if (root == std::string_view::npos) return false;
  const std::size_t end = text.find_first_of(" >", root);
  if (end == std::string_view::npos) return false;
  std::string closing = "</";
  closing.append(text.substr(root + 1, end - root - 1)).append(">");
  text.remove_suffix(text.ends_with('\n') ? 1 : 0);
  return text.ends_with(closing);
}

/// Takes the text of a part as it is unpacked.
class Part {
 public:
  explicit Part(std::optional<SheetRows> rows) : rows_(rows), here_(kBlock) {}

  bool take(std::string_view text) {
    if (state_ == State::rows) return take_rows(text);
    around_ += text;
    if (around_.size() > kPartAtMost) return false;
    if (state_ == State::behind || !rows_) return true;
    static constexpr std::string_view kBegin = "<sheetData>";
    const std::size_t at = around_.find(kBegin);
    if (at == std::string::npos) return true;
    const std::string left = around_.substr(at + kBegin.size());
    around_.resize(at + kBegin.size());
    state_ = State::rows;
    return take_rows(left);
  }

  [[nodiscard]] bool ended_well() const {
    const bool rows_there = !rows_ || at_ == rows_->size;
    return rows_there && is_whole_xml(around_) &&
           (state_ != State::behind ||
            around_.find("<sheetData></sheetData>") != std::string::npos);
  }

 private:
  enum class State : std::uint8_t { before, rows, behind };

  bool take_rows(std::string_view text) {
    while (!text.empty() && at_ < rows_->size) {
      const std::size_t most = std::min({text.size(), here_.size(), rows_left()});
      if (!read_at(rows_->fd, at_, here_.data(), most)) return false;
      if (std::memcmp(text.data(), here_.data(), most) != 0) return false;
      at_ += most;
      text.remove_prefix(most);
    }
    if (at_ < rows_->size) return true;
    state_ = State::behind;
    return take(text);
  }

  [[nodiscard]] std::size_t rows_left() const noexcept {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(rows_->size - at_, std::uint64_t{SIZE_MAX}));
  }

  std::optional<SheetRows> rows_;
  State state_ = State::before;
  std::uint64_t at_ = 0;  // of the rows
  std::string around_;    // all but the rows
  std::vector<char> here_;
};

/// Unpacks what a part holds, and takes it; whether all of it is there and is right.
bool unpack(int fd, std::uint64_t at, std::uint64_t packed, std::uint32_t crc, Part& part) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  std::vector<char> in(kBlock);
  std::vector<char> out(kBlock);
  uLong found = crc32(0, nullptr, 0);
  int state = Z_OK;
  bool good = true;
  while (good && state != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const std::size_t size = std::min<std::uint64_t>(packed, in.size());
      good = size > 0 && read_at(fd, at, in.data(), size);
      stream.next_in = reinterpret_cast<Bytef*>(in.data());
      stream.avail_in = static_cast<uInt>(size);
      at += size;
      packed -= size;
      if (!good) break;
    }
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = out.size() - stream.avail_out;
    good = (state == Z_OK || state == Z_STREAM_END) && part.take({out.data(), made});
    found = crc32(found, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(made));
  }
  inflateEnd(&stream);
  return good && packed == 0 && stream.avail_in == 0 && found == crc && part.ended_well();
}

}  // namespace

bool is_whole_workbook(int fd, std::uint64_t size, const std::vector<SheetRows>& sheets) {
  if (size < kEndBytes) return false;
  std::array<char, kEndBytes> end{};
  if (!read_at(fd, size - kEndBytes, end.data(), end.size())) return false;
  const std::uint32_t central = number(end.data() + 16, 4);
  const std::uint64_t central_end = std::uint64_t{central} + number(end.data() + 12, 4);
  if (number(end.data(), 4) != kEndOfCentral || central_end != size - kEndBytes) return false;
  std::uint64_t at = 0;
  std::size_t parts = 0;
  std::size_t seen = 0;
  for (;; ++parts) {
    std::array<char, kLocalBytes> header{};
    if (!read_at(fd, at, header.data(), header.size())) return false;
    if (number(header.data(), 4) != kLocalHeader) break;
    std::string name(number(header.data() + 26, 2), '\0');
    if (!read_at(fd, at + kLocalBytes, name.data(), name.size())) return false;
    const std::uint64_t data = at + kLocalBytes + name.size() + number(header.data() + 28, 2);
    const std::uint32_t packed = number(header.data() + 18, 4);
    std::optional<SheetRows> rows;
    if (seen < sheets.size() && name == "xl/worksheets/sheet" + std::to_string(seen + 1) + ".xml")
      rows = sheets[seen++];
    Part part(rows);
    if (!unpack(fd, data, packed, number(header.data() + 14, 4), part)) return false;
    at = data + packed;
  }
  std::array<char, 4> mark{};
  if (at != central || !read_at(fd, at, mark.data(), mark.size())) return false;
  return number(mark.data(), 4) == kCentralHeader && number(end.data() + 10, 2) == parts &&
         seen == sheets.size();
}

}  // namespace trama
