// Columns that a draft is to have: those of a mapping of ours, or of a JSON Schema; and how well a
// field of the dump fits one.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infer/draft.h"
#include "infer/records_of.h"
#include "infer/trade_words.h"
#include "mapping/mapping.h"
#include "mapping/yaml_tree.h"
#include "report/report_line.h"

namespace trama {

/// One source of a wanted column, as it was in another dump: `hotel.checkIn`.
struct WantedSource {
  std::string path;
  Path where;                     // the same, taken apart
  std::vector<std::string> keys;  // without brackets and names of items
};

struct Wanted {
  std::string name;
  std::string about;  // of a schema: title and description
  std::string type;   // of the language; "" is text
  std::vector<WantedSource> sources;
  std::string join;  // beside several
  /// Codes and what the mapping writes for them; of a schema's `enum` the codes alone.
  std::vector<std::pair<std::string, std::string>> codes;
  bool of_item = false;  // of the list that makes rows
  bool internal = false;
  bool made = false;  // computed, chosen, constant: nothing of the dump is read
};

/// A list that makes rows, and what its items are called.
struct WantedRows {
  Path list;
  std::string called;
};

struct WantedColumns {
  std::string name;   // of the mapping or schema file
  bool like = false;  // of a mapping, whose paths may be in this dump too
  Path records;       // where its records are; no steps: the document, or a line
  std::vector<Wanted> columns;
  std::string rows;                // the list that makes rows, by its key; "" where there is none
  std::vector<WantedRows> levels;  // all of its lists; none where one of them is more than a list
  bool nested = false;             // names with a dot are written as objects
};

/// Of an `each` the name alone: a list of another dump has other items.
WantedColumns wanted_of(const Mapping& mapping, std::string name);
/// Of a JSON Schema (draft-07): the properties of its object, those of objects in it by dotted names.
WantedColumns wanted_of_schema(const YamlNode& schema, std::string name);

/// Whether a column of a type can be read from a field that is drafted as another.
bool may_be(std::string_view wanted, std::string_view found) noexcept;

/// Where the records of a document are: where the mapping has them,
/// if the document has that place too.
RecordsOf records_for(const WantedColumns& wanted, const Profile& outline);

/// How well a field fits, and why.
struct Fit {
  int score = 0;         // eight points for a concept that both names have
  bool by_name = false;  // or by its values: without either it is a guess
  std::vector<std::string> reasons;
};

/// What a candidate for a column has.
struct Candidate {
  const DraftColumn* column = nullptr;
  std::string type;  // as it is drafted
  bool of_item = false;
  std::vector<std::string> keys;
};

/// `source`: which one of the wanted column's sources, or none.
Fit fit_of(const Wanted& wanted, const WantedSource* source, const Candidate& candidate,
           const ReportWords& say);

/// A fit below it is no proposal.
constexpr int kLeastFit = 8;

/// Keys of a path: `rooms[*].code` is rooms, code.
std::vector<std::string> keys_of(const Path& path);

}  // namespace trama
