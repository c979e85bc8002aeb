// What an editor asks of a document at a place: each answer is the `result` of its request, as JSON (LSP 3.17).

#pragma once

#include <string>

#include "base/phrase.h"
#include "lsp/workspace.h"
#include "report/json_out.h"

namespace trama {

/// `{"start": …, "end": …}`
void write_range(JsonOut& json, const DocumentText& text, TextRange range);

/// textDocument/completion: words, values, columns, tables, files, codes, and paths of the recorded profile.
std::string complete(Workspace& workspace, const Document& document, Position place);

/// textDocument/hover: of a column what the mapping does with it, of a word its reference, of a path what the recorded
/// profile knows of it. `markdown`: the client shows it.
std::string hover(Workspace& workspace, const Document& document, Position place, bool markdown);

/// textDocument/definition: of a column, a table, a base, a file.
std::string definition(Workspace& workspace, const Document& document, Position place);

/// textDocument/documentSymbol: sections, columns, tables, rules, tests. `nested`: the client takes DocumentSymbols.
std::string symbols(const Document& document, bool nested);

/// A `result`, or in words why there is none.
struct Answer {
  std::string json;
  Phrase refused{};
};

/// textDocument/prepareRename and rename, of a column of the mapping: all places of the mapping and its tests that name
/// it. A change is given back only where the mapping has no more errors with it than it had.
Answer prepare_rename(Workspace& workspace, const Document& document, Position place);
Answer rename(Workspace& workspace, const Document& document, Position place,
              const std::string& name);

/// textDocument/formatting, as `trama fmt` does it; nothing where the text is not YAML.
Answer format(const Document& document);

}  // namespace trama
