// A scheme of signatures that a receiver states itself, as YAML:
//
//   header: X-Pagos-Signature              # with the signature
//   encoding: hex                          # or base64
//   prefix: "v1="                          # of each signature, where it has one
//   separator: ","                         # between the parts of the header, where it has several
//   signed: "{timestamp}.{body}"           # what is signed; {body} unless stated
//   timestamp_header: X-Pagos-Time         # the time that is signed, in seconds since 1970,
//   timestamp_prefix: "t="                 # or which part of the signature's header it is
//   event_id: {header: X-Pagos-Event}      # or {body: id}
//   secret: base64                         # where the secret is written so; text unless stated
//   secret_prefix: whsec_                  # that is no part of the key

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/span.h"
#include "engine/event_check.h"
#include "mapping/yaml_tree.h"
#include "signature/scheme.h"

namespace trama {

struct SchemeFile {
  Files files;
  Diagnostics diagnostics;
  std::optional<Scheme> scheme;  // nothing where there are errors
};

/// `content`: the YAML; `name`: what messages call it, and the scheme.
SchemeFile read_scheme(const std::string& name, std::string_view content);
/// The same of a file. FILE_UNREADABLE is a diagnostic too.
SchemeFile read_scheme_file(const std::string& path);

/// The same of a map in another file. Nothing, and reported: it is none.
std::optional<Scheme> read_scheme_map(const YamlNode& map, const std::string& name,
                                      Diagnostics& diagnostics);
/// {header: NAME} or {body: id}.
EventIdPlace read_event_id(const YamlNode& node, Diagnostics& diagnostics);

}  // namespace trama
