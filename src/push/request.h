// What is asked of a target for a row.

#pragma once

#include <string>
#include <string_view>

#include "http/client.h"
#include "push/target_file.h"

namespace trama {

/// `url` with the key of a row, percent-encoded, in its place.
std::string with_key(std::string url, std::string_view key);

/// `body`: of one row, or of several as a list; `sent_key`: for PushTarget::key_header.
HttpRequest request_for(const PushTarget& target, PushKind kind, std::string_view key,
                        std::string body, const std::string& sent_key);

}  // namespace trama
