// One record through one mapping, in memory, for tests that look at values.

#pragma once

#include <doctest/doctest.h>

#include <string>

#include "exec/mapper.h"
#include "mapping/mapping.h"
#include "plan/compile.h"
#include "report/diagnostics_text.h"
#include "sink/format.h"
#include "sink/row_encoder.h"
#include "support/mapped.h"

namespace trama::test {

/// The rows of `record`, each with its line end; or the codes of its errors, each with a blank
/// behind it; or, where the mapping is wrong, what `check` says.
inline std::string mapped(const std::string& mapping_text, const std::string& record) {
  TextFiles reader;
  reader.files["m.yaml"] = mapping_text;
  Files files;
  Diagnostics diagnostics;
  const Mapping mapping = read_mapping("m.yaml", reader, files, diagnostics);
  const std::unique_ptr<Plan> plan = compile({mapping, "m.yaml", "", reader, files}, diagnostics);
  if (!plan) return render_text(diagnostics, files);
  keep_blank_rows(*plan);
  Mapper mapper(*plan, 1741068000, kMaxDepth);
  const std::string padded = record + std::string(64, ' ');
  const MappedRecord& made = mapper.map({padded.data(), record.size()}, {});
  std::string out;
  if (made.state == RecordState::rejected) {
    for (const RecordError& error : made.errors) (out += name(code_of(error.reason))) += ' ';
    return out;
  }
  const std::unique_ptr<RowEncoder> encoder = plan->format->encoder(plan->output);
  RowBlock block;
  const std::size_t width = plan->columns.size();
  for (std::size_t r = 0; r < made.row_count; ++r)
    encoder->row(made.rows.subspan(r * width, width), {}, mapper.rest(), block);
  return block.bytes;
}

/// The one column V of those words, or its code.
inline std::string value_of(const std::string& words, const std::string& record,
                            const std::string& output = "csv, header: no") {
  std::string out = mapped(
      "mapping: m\nversion: 1\ncolumns:\n  V: {" + words + "}\noutput: {format: " + output + "}\n",
      record);
  if (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out == "\"\"" ? "" : out;
}

}  // namespace trama::test
