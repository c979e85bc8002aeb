#include "report/reject_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/base64.h"
#include "base/phrase_codes.h"
#include "json/json_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// The members of a line that are read.
enum Slot : std::uint8_t {
  kFile,
  kMapping,
  kRecord,
  kLine,
  kByte,
  kStage,
  kSource,
  kSourceText,
  kSourceBase64,
  kSourceHidden,
  kSourceBytes,
  kReplay,
  kRecords,
  kDuplicates,
  kColumn,
  kRest,
  kMasked,
  kKey,
  kLineEnds,
  kNoRecords,
  kErrorAnswer,
  kReturns,
  kSourceDigest,
};

WantedFields wanted() {
  WantedFields fields;
  for (const char* member :
       {"file", "mapping", "record", "line", "byte", "stage", "source", "source_text",
        "source_base64", "source_hidden", "source_bytes", "replay"})
    fields.slots.push_back({member});
  for (const char* member : {"records", "duplicates", "column", "rest", "masked", "key",
                             "line_ends", "no_records", "error_answer", "carriage_returns"})
    fields.slots.push_back({"replay", member});
  fields.slots.push_back({"source_sha256"});
  return fields;
}

constexpr std::array<std::string_view, 5> kStages = {"read", "map", "rule", "duplicate", "write"};

Phrase rewritten(Phrase problem) {
  return {PhraseCode::reject_rewritten, {std::move(problem)}};
}

}  // namespace

// The record may be as deep as records are, and stands one level below the line.
RejectReader::RejectReader() : reader_(wanted(), kMaxDepth + 1) {}

Phrase RejectReader::read(std::string_view line, KeptRecord& out) {
  out = {};
  out.rewritten = !is_as_written(line);
  arena_.reset();
  const Reason reason = reader_.read(line);
  // A key that the record itself repeats is no damage of the line.
  const std::string_view record = reader_.slot(kSource).raw();
  const bool in_record = reason == Reason::repeated_key && !record.empty() &&
                         line.data() + reader_.error_byte() > record.data() &&
                         line.data() + reader_.error_byte() < record.data() + record.size();
  if (reason == Reason::json_not_object || reason == Reason::too_deep)
    return rewritten(PhraseCode::reject_no_line);
  if (reason == Reason::repeated_key && !in_record)
    return rewritten({PhraseCode::reject_twice, {reader_.error_text()}});
  if (reason != Reason::none && !in_record)
    return {
        PhraseCode::reject_damaged,
        {std::to_string(reader_.error_byte() + 1),
         reason == Reason::not_utf8 ? PhraseCode::reject_not_utf8
                                    : Phrase::several({phrase_of("problem", reader_.error_text()),
                                                       reader_.error_excerpt()})}};
  if (Phrase problem = places(out); !problem.empty()) return rewritten(std::move(problem));
  if (reader_.slot(kMasked).kind() == JsonKind::boolean ||
      reader_.slot(kSourceHidden).kind() == JsonKind::text)
    return PhraseCode::reject_masked;
  if (Phrase problem = source(out); !problem.empty()) return rewritten(std::move(problem));
  return {};
}

Phrase RejectReader::places(KeptRecord& out) {
  if (reader_.slot(kReplay).kind() != JsonKind::object || !text(kRecords, out.terms.records))
    return PhraseCode::reject_no_replay;
  text(kDuplicates, out.terms.duplicates);
  text(kMapping, out.mapping);
  if (!text(kFile, out.file)) return PhraseCode::reject_no_file;
  std::string stage;
  text(kStage, stage);
  if (std::find(kStages.begin(), kStages.end(), stage) == kStages.end())
    return PhraseCode::reject_stage;
  out.duplicate = stage == "duplicate";
  std::uint64_t column = 1;
  if (!number(kRecord, out.number) || !number(kLine, out.line) || !number(kByte, out.byte) ||
      out.number == 0 || out.line == 0 ||
      (reader_.slot(kColumn).exists() && !number(kColumn, column)) ||
      column > std::numeric_limits<std::uint32_t>::max())
    return PhraseCode::reject_no_place;
  out.column = static_cast<std::uint32_t>(column);
  out.rest = reader_.slot(kRest).exists();
  out.no_records = text(kNoRecords, out.document_words);
  out.error_answer = text(kErrorAnswer, out.document_words);
  std::string key;
  if (text(kKey, key)) append_json_string(out.entry_key, key);
  return {};
}

Phrase RejectReader::source(KeptRecord& out) {
  const bool json = reader_.slot(kSource).exists();
  const bool plain = reader_.slot(kSourceText).exists();
  const bool coded = reader_.slot(kSourceBase64).exists();
  if (int{json} + int{plain} + int{coded} != 1) return PhraseCode::reject_no_record;
  std::string base64;
  if (json) {
    out.bytes = reader_.slot(kSource).raw();
  } else if (plain && !text(kSourceText, out.bytes)) {
    return PhraseCode::reject_no_text;
  } else if (coded && !(text(kSourceBase64, base64) && append_from_base64(out.bytes, base64))) {
    return PhraseCode::reject_no_base64;
  }
  out.whole_size = out.bytes.size();
  out.cut = reader_.slot(kSourceBytes).exists();
  if (out.cut && (!number(kSourceBytes, out.whole_size) || out.whole_size < out.bytes.size()))
    return PhraseCode::reject_bytes;
  return line_ends(out);
}

/// Line ends were written as blanks, which `line_ends` and `carriage_returns` count from
/// the record's first byte. Of a record that a person changed they may stand elsewhere by now:
/// it is read without.
Phrase RejectReader::line_ends(KeptRecord& out) {
  std::string whole = out.bytes;
  const bool fits = put_back(kLineEnds, '\n', whole) && put_back(kReturns, '\r', whole);
  digest_.add(whole);
  std::string found;
  append_hex(found, digest_.take());
  std::string stated;
  const bool same = text(kSourceDigest, stated) && stated == found;
  if (!out.rewritten && !fits) return PhraseCode::reject_line_ends;
  if (!out.rewritten && !same) return PhraseCode::reject_digest;
  if (fits && (same || !out.rewritten)) out.bytes = std::move(whole);
  return {};
}

bool RejectReader::put_back(std::size_t slot, char c, std::string& bytes) const {
  const Node list = reader_.slot(slot);
  if (!list.exists()) return true;
  for (NodeCursor cursor(list); cursor.next();) {
    const std::string_view digits = cursor.value().raw();
    std::size_t at = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), at);
    if (error != std::errc() || end != digits.data() + digits.size() || at >= bytes.size() ||
        bytes[at] != ' ')
      return false;
    bytes[at] = c;
  }
  return true;
}

/// Whether the line ends with the digest of what stands before it.
bool RejectReader::is_as_written(std::string_view line) {
  constexpr std::size_t kHexDigits = 64;
  constexpr std::size_t kTail = kRejectDigest.size() + kHexDigits + kRejectEnd.size();
  if (line.size() < kTail || !line.ends_with(kRejectEnd)) return false;
  const std::string_view before = line.substr(0, line.size() - kTail);
  const std::string_view tail = line.substr(before.size());
  if (!tail.starts_with(kRejectDigest)) return false;
  digest_.add(before);
  std::string hex;
  append_hex(hex, digest_.take());
  return tail.substr(kRejectDigest.size(), kHexDigits) == hex;
}

bool RejectReader::text(std::size_t slot, std::string& out) {
  const Node node = reader_.slot(slot);
  if (node.kind() != JsonKind::text) return false;
  out = node.text(arena_);
  return true;
}

bool RejectReader::number(std::size_t slot, std::uint64_t& out) {
  const Node node = reader_.slot(slot);
  if (node.kind() != JsonKind::number) return false;
  const std::string_view digits = node.raw();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return error == std::errc() && end == digits.data() + digits.size();
}

}  // namespace trama
