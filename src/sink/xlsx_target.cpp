// By libxlsxwriter, in its mode of constant memory: it keeps the rows of a sheet in a
// temporary file, and packs all into the workbook when it is closed. Where it does not look whether
// the disk took what it wrote, we do: after each block, and of the whole (workbook_proof).

#include "sink/xlsx_target.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/check.h"
#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "base/terminal_text.h"
#include "base/unnamed_file.h"
#include "sink/output_file.h"
#include "sink/publish.h"
#include "sink/workbook_proof.h"
#include "sink/xlsxwriter.h"

namespace trama {
namespace {

/// A sheet of more bytes goes on in the next: a part of a zip file has 4 GiB at most, and the last
/// rows are looked at late.
constexpr std::int64_t kSheetBytes = std::int64_t{3} << 30U;
constexpr std::size_t kLookEvery = std::size_t{1} << 20U;  // bytes of cells
constexpr std::uint64_t kWorkbookBytes = (std::uint64_t{1} << 32U) - 1;
constexpr std::size_t kCopyBytes = std::size_t{256} << 10U;
/// Beside the copy of a sheet, for what is packed: at most an eighth of it, as all is XML.
constexpr std::int64_t kPackedShare = 8;
constexpr std::int64_t kSmallParts = std::int64_t{1} << 20U;

constexpr std::size_t kMeasuredRows = 200;  // of which columns have their widths
constexpr std::size_t kLeastWidth = 8;
constexpr std::size_t kMostWidth = 60;
constexpr std::size_t kFilterMark = 3;  // of the header, in characters

/// A descriptor of ours.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

struct FreeWorkbook {
  void operator()(lxw_workbook* workbook) const noexcept {
    xlsxwriter().lxw_workbook_free(workbook);
  }
};

/// The very double that the digits name: at most 15 that count, which a double gives back.
double door(std::string_view digits) {
  double number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  TRAMA_CHECK(read.ec == std::errc() && read.ptr == digits.data() + digits.size());
  return number;
}

/// The double next to it: a moment of milliseconds, which any reader that rounds to them gets back.
double door(std::int64_t milliseconds) {
  return static_cast<double>(milliseconds) / static_cast<double>(kXlsxDay);
}

std::size_t characters_in(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

class XlsxTarget final : public Target {
 public:
  XlsxTarget(std::unique_ptr<OutputFile> file, const TargetPlace& place, const OutputFormat& format,
             XlsxLimits limits)
      : file_(std::move(file)),
        at_once_(place.text != nullptr),
        name_(place.name.empty() ? "trama" : place.name),
        now_(place.now),
        folder_(temporary_folder()),
        limits_(limits) {
    for (const OutputColumn& column : format.columns) {
      Column& one = columns_.emplace_back();
      append_xlsx_text(one.name, column.name);
      if (const std::optional<MomentForm> form = moment_form(column.format))
        one.number_format = form->number_format;
    }
    for (const std::string& column : format.audit_columns)
      append_xlsx_text(columns_.emplace_back().name, column);
    TRAMA_CHECK(columns_.size() <= kXlsxColumns);  // a mapping has 10,000 at most
    for (Column& column : columns_) column.width = characters_in(column.name) + kFilterMark;
  }

  Result<void> begin() override {
    TRAMA_TRY(packed_, unnamed());
    // its own name, as it has no other
    const std::string path = "/proc/self/fd/" + std::to_string(packed_.get());
    if (::access(path.c_str(), W_OK) != 0) return unwritable(errno);
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder_.data();
    workbook_.reset(lib_.workbook_new_opt(path.c_str(), &options));
    if (!workbook_) no_memory();
    lxw_doc_properties properties{};
    properties.created = std::max<std::int64_t>(now_, 1);  // 0 is the time of the clock
    if (lib_.workbook_set_properties(workbook_.get(), &properties) != LXW_NO_ERROR) no_memory();
    bold_ = lib_.workbook_add_format(workbook_.get());
    if (bold_ == nullptr) no_memory();
    lib_.format_set_bold(bold_);
    return begin_sheet();
  }

  Result<void> take(RowBlock&& block) override {
    std::string_view left = block.bytes;
    errno = 0;
    while (!left.empty()) {
      const std::size_t before = left.size();
      if (row_ >= limits_.rows || is_full()) TRAMA_TRY_VOID(begin_sheet());
      for (std::size_t c = 0; c < columns_.size(); ++c)
        TRAMA_TRY_VOID(write(take_cell(left), columns_[c], static_cast<lxw_col_t>(c)));
      ++row_;
      ++rows_;
      since_look_ += before - left.size();
    }
    return look();
  }

  Result<void> end() override { return at_once_ ? finish() : Result<void>(); }

  void report(RunSheet sheet) override { report_ = std::move(sheet); }

  Result<void> prepare() override {
    TRAMA_TRY_VOID(finish());
    return file_->flush();
  }

  Result<std::string> ticket() const override { return publishing_ticket(*file_); }

  Result<void> commit(std::span<OutputFile* const> others, const std::string& run) override {
    return file_->streams() ? publish_each(others) : publish_together(*file_, others, run);
  }

  Result<void> abandon() override {
    TRAMA_TRY_VOID(finish());
    return file_->keep_incomplete();
  }

  [[nodiscard]] bool streams() const noexcept override { return file_->streams(); }
  [[nodiscard]] std::string left() const override {
    return streams() ? std::string() : file_->incomplete_path();
  }
  [[nodiscard]] std::optional<NoticeCode> settled() const noexcept override {
    return file_->settled();
  }

 private:
  struct Column {
    std::string name;
    std::string number_format;  // of XlsxForm::column
    lxw_format* form = nullptr;
    std::size_t width = 0;
  };

  // ---- sheets and cells ----

  /// The next sheet of rows, with its header.
  Result<void> begin_sheet() {
    if (sheet_ != nullptr) {
      end_sheet();
      TRAMA_TRY_VOID(look());
    }
    ++sheets_;
    TRAMA_TRY(sheet_, add_sheet(name_, sheets_ == 1 ? "" : " (" + std::to_string(sheets_) + ")"));
    row_ = 0;
    since_look_ = 0;
    for (std::size_t c = 0; c < columns_.size(); ++c)
      TRAMA_TRY_VOID(written(lib_.worksheet_write_string(sheet_, 0, static_cast<lxw_col_t>(c),
                                                         columns_[c].name.c_str(), bold_)));
    row_ = 1;
    lib_.worksheet_freeze_panes(sheet_, 1, 0);
    return {};
  }

  void end_sheet() {
    if (!columns_.empty())
      lib_.worksheet_autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(row_ - 1),
                                static_cast<lxw_col_t>(columns_.size() - 1));
  }

  /// With a name that no other has.
  Result<lxw_worksheet*> add_sheet(const std::string& name, const std::string& more) {
    std::string made = sheet_name(name, more);
    for (int n = 2; is_taken(made); ++n)
      made = sheet_name(name, more + " (" + std::to_string(n) + ")");
    names_.push_back(made);
    lxw_worksheet* const sheet = lib_.workbook_add_worksheet(workbook_.get(), made.c_str());
    if (sheet == nullptr) return unwritable(errno != 0 ? errno : ENOSPC);  // no temporary file
    made_.push_back(sheet);
    return sheet;
  }

  [[nodiscard]] bool is_taken(const std::string& name) const {
    return std::any_of(names_.begin(), names_.end(), [&name](const std::string& other) {
      return std::equal(name.begin(), name.end(), other.begin(), other.end(),
                        [](char a, char b) { return small_letter(a) == small_letter(b); });
    });
  }

  /// So many bytes that what follows might not fit into a part of a zip file. By row, so that the
  /// cut of rows into blocks does not matter.
  bool is_full() {
    if (since_look_ < kLookEvery) return false;
    since_look_ = 0;
    return ::ftello(sheet_->optimize_tmpfile) > kSheetBytes;
  }

  Result<void> write(const XlsxCell& cell, Column& column, lxw_col_t c) {
    const auto row = static_cast<lxw_row_t>(row_);
    if (rows_ < kMeasuredRows) measure(cell, column);
    switch (cell.kind) {
      case XlsxCell::Kind::blank:
        return {};
      case XlsxCell::Kind::text:
        return written(lib_.worksheet_write_string(sheet_, row, c, cell.text.data(), nullptr));
      case XlsxCell::Kind::number:
        return written(
            lib_.worksheet_write_number(sheet_, row, c, door(cell.text), decimals(cell.decimals)));
      case XlsxCell::Kind::boolean:
        return written(lib_.worksheet_write_boolean(sheet_, row, c, cell.yes ? 1 : 0, nullptr));
      case XlsxCell::Kind::moment:
        return written(lib_.worksheet_write_number(sheet_, row, c, door(cell.milliseconds),
                                                   form_of(cell.form, column)));
    }
    return {};
  }

  static void measure(const XlsxCell& cell, Column& column) {
    const std::size_t width =
        cell.kind == XlsxCell::Kind::moment
            ? std::max(number_format_of(cell.form).size(), column.number_format.size())
            : characters_in(cell.text);
    column.width = std::max(column.width, width + 1);
  }

  /// `0.00` for 2.
  lxw_format* decimals(int count) {
    lxw_format*& format = decimals_.at(static_cast<std::size_t>(count));
    if (format == nullptr)
      format =
          add_format(count == 0 ? "0" : "0." + std::string(static_cast<std::size_t>(count), '0'));
    return format;
  }

  lxw_format* form_of(XlsxForm form, Column& column) {
    lxw_format*& format =
        form == XlsxForm::column ? column.form : forms_.at(static_cast<std::size_t>(form));
    if (format == nullptr)
      format = add_format(form == XlsxForm::column ? column.number_format : number_format_of(form));
    return format;
  }

  lxw_format* add_format(const std::string& number_format) {
    lxw_format* const format = lib_.workbook_add_format(workbook_.get());
    if (format == nullptr) no_memory();
    lib_.format_set_num_format(format, number_format.c_str());
    return format;
  }

  /// What the library says of a cell.
  Result<void> written(lxw_error error) {
    if (error == LXW_NO_ERROR) return {};
    if (error == LXW_ERROR_MEMORY_MALLOC_FAILED) no_memory();
    return refused(error);
  }

  // ---- the workbook ----

  /// Closes the workbook and puts it where it goes.
  Result<void> finish() {
    if (!workbook_) return {};
    end_sheet();
    for (lxw_worksheet* const sheet : made_)
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        const std::size_t width = std::clamp(columns_[c].width, kLeastWidth, kMostWidth);
        const auto at = static_cast<lxw_col_t>(c);
        TRAMA_TRY_VOID(
            written(lib_.worksheet_set_column(sheet, at, at, static_cast<double>(width), nullptr)));
      }
    if (!report_.rows.empty()) TRAMA_TRY_VOID(write_report());
    std::vector<Descriptor> kept;
    std::vector<SheetRows> rows;
    TRAMA_TRY_VOID(end_rows(kept, rows));
    TRAMA_TRY_VOID(try_room(rows));
    if (const lxw_error error = lib_.workbook_close(workbook_.release()); error != LXW_NO_ERROR)
      return error == LXW_ERROR_MEMORY_MALLOC_FAILED ? Failure{FailureCode::no_memory, {}}
                                                     : refused(error);
    const off_t size = ::lseek(packed_.get(), 0, SEEK_END);
    if (size < 0) return unwritable(errno);
    const auto bytes = static_cast<std::uint64_t>(size);
    if (bytes > kWorkbookBytes)
      return Failure{FailureCode::output_unwritable, {shown_path(), PhraseCode::sink_workbook_big}};
    if (!is_whole_workbook(packed_.get(), bytes, rows))
      return Failure{FailureCode::output_unwritable, {parts(), PhraseCode::sink_workbook_broken}};
    return copy(bytes);
  }

  Result<void> write_report() {
    TRAMA_TRY(lxw_worksheet* const sheet, add_sheet(report_.name, ""));
    std::vector<std::size_t> widths;
    lxw_row_t row = 0;
    for (const RunSheet::Row& line : report_.rows) {
      widths.resize(std::max(widths.size(), line.cells.size()), kLeastWidth);
      for (std::size_t c = 0; c < line.cells.size(); ++c) {
        std::string text;
        TRAMA_CHECK(append_xlsx_text(text, line.cells[c]) <= kXlsxCellCharacters);
        TRAMA_TRY_VOID(written(lib_.worksheet_write_string(
            sheet, row, static_cast<lxw_col_t>(c), text.c_str(), line.heading ? bold_ : nullptr)));
        if (!line.heading) widths[c] = std::max(widths[c], characters_in(text) + 1);
      }
      ++row;
    }
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const auto at = static_cast<lxw_col_t>(c);
      TRAMA_TRY_VOID(written(lib_.worksheet_set_column(
          sheet, at, at, static_cast<double>(std::min(widths[c], kMostWidth)), nullptr)));
    }
    return {};
  }

  /// Whether the disk took the rows so far.
  Result<void> look() {
    const int error = errno;
    if (std::ferror(sheet_->optimize_tmpfile) != 0) return unwritable(error != 0 ? error : ENOSPC);
    return {};
  }

  /// All rows are in their files, which are kept to be compared with.
  Result<void> end_rows(std::vector<Descriptor>& kept, std::vector<SheetRows>& rows) {
    for (lxw_worksheet* const sheet : made_) {
      errno = 0;
      lib_.lxw_worksheet_write_single_row(sheet);
      std::FILE* const file = sheet->optimize_tmpfile;
      if (std::fflush(file) != 0 || std::ferror(file) != 0)
        return unwritable(errno != 0 ? errno : ENOSPC);
      const off_t size = ::ftello(file);
      Descriptor& copy = kept.emplace_back(::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 0));
      if (size < 0 || copy.get() < 0) return unwritable(errno);
      rows.push_back({copy.get(), static_cast<std::uint64_t>(size)});
    }
    return {};
  }

  /// Whether there is space for what the library needs beside them, as it would not say.
  Result<void> try_room(const std::vector<SheetRows>& rows) {
    std::int64_t largest = 0;
    std::int64_t all = 0;
    for (const SheetRows& sheet : rows) {
      largest = std::max(largest, static_cast<std::int64_t>(sheet.size));
      all += static_cast<std::int64_t>(sheet.size);
    }
    TRAMA_TRY(const Descriptor room, unnamed());
#if defined(__linux__)
    const std::int64_t needed = largest + all / kPackedShare + kSmallParts;
    const auto take = [&] { return ::fallocate(room.get(), 0, 0, needed); };
    if (retried(take) != 0 && errno != EOPNOTSUPP && errno != ENOSYS) return unwritable(errno);
#endif
    return {};
  }

  Result<void> copy(std::uint64_t size) {
    std::string bytes(kCopyBytes, '\0');
    for (std::uint64_t at = 0; at < size;) {
      const ssize_t got = retried([&] {
        return ::pread(packed_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
      });
      if (got <= 0) return unwritable(got < 0 ? errno : EIO);
      TRAMA_TRY_VOID(file_->write({bytes.data(), static_cast<std::size_t>(got)}));
      at += static_cast<std::uint64_t>(got);
    }
    packed_ = Descriptor();
    return {};
  }

  Result<Descriptor> unnamed() const {
    const int fd = open_unnamed_file(folder_);
    if (fd < 0) return unwritable(errno);
    return Descriptor(fd);
  }

  [[nodiscard]] Phrase parts() const {
    return {PhraseCode::run_temporary, {folder_, PhraseCode::sink_workbook_parts}};
  }
  [[nodiscard]] Phrase shown_path() const {
    return file_->path() == "-" ? Phrase(PhraseCode::standard_output) : Phrase(file_->path());
  }
  [[nodiscard]] Failure unwritable(int error) const {
    return {FailureCode::output_unwritable,
            {parts(), error == ENOENT ? PhraseCode::run_no_folder : system_words(error)}};
  }
  [[nodiscard]] Failure refused(lxw_error error) const {
    return {FailureCode::output_unwritable,
            {parts(), Phrase(PhraseCode::sink_workbook_library, {lib_.lxw_strerror(error)})}};
  }

  const Xlsxwriter& lib_ = xlsxwriter();
  std::unique_ptr<OutputFile> file_;
  bool at_once_;
  std::string name_;
  std::int64_t now_;
  std::string folder_;  // for temporary files
  XlsxLimits limits_;
  std::vector<Column> columns_;
  RunSheet report_;

  Descriptor packed_;  // the workbook as the library writes it
  std::unique_ptr<lxw_workbook, FreeWorkbook> workbook_;
  std::vector<lxw_worksheet*> made_;  // of the workbook, in its order
  std::vector<std::string> names_;
  lxw_worksheet* sheet_ = nullptr;  // that rows go to
  std::size_t sheets_ = 0;
  std::size_t row_ = 0;         // of it
  std::size_t rows_ = 0;        // of all
  std::size_t since_look_ = 0;  // bytes of cells
  lxw_format* bold_ = nullptr;
  std::array<lxw_format*, kXlsxForms> forms_{};
  std::array<lxw_format*, kXlsxDecimals + 1> decimals_{};
};

}  // namespace

Result<std::unique_ptr<Target>> open_xlsx_target(const TargetPlace& place,
                                                 const OutputFormat& format, XlsxLimits limits) {
  const bool standard = place.path == "-";
  TRAMA_TRY_VOID(
      load_xlsxwriter(standard ? Phrase(PhraseCode::standard_output) : Phrase(place.path)));
  std::unique_ptr<OutputFile> file;
  if (place.text != nullptr) {
    file = OutputFile::over(*place.text);
  } else {
    if (standard && is_terminal(Screen::out))
      return Failure{FailureCode::output_unwritable,
                     {PhraseCode::standard_output, PhraseCode::sink_workbook_terminal}};
    TRAMA_TRY(file, OutputFile::open(place.path, *place.stop));
  }
  std::unique_ptr<Target> target =
      std::make_unique<XlsxTarget>(std::move(file), place, format, limits);
  return target;
}

}  // namespace trama
