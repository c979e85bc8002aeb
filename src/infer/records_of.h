// Where the records of a document are: a list below keys that only wrap it.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mapping/mapping.h"
#include "profile/profile.h"

namespace trama {

struct RecordsOf {
  std::vector<std::string> keys;  // on the way to it; none: the document itself, or its items
  bool entries = false;           // records are the entries of an object
  /// Beside the records: members of what is on the way to them.
  std::vector<const PathNode*> beside;
};

/// Follows the one member that is more than paging, status and the like, as far as it leads.
/// `outline`: of the document (infer/outline); must outlive what is given.
RecordsOf records_of(const Profile& outline);
/// The place of `input: records`, where it holds objects or a list; else nothing.
std::optional<RecordsOf> records_at(const Profile& outline, const Path& records);

/// What says that every record is an error answer with no data beside it: `errors`. Else null.
const PathNode* error_of(const PathNode& record);

}  // namespace trama
