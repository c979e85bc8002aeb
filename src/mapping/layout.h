// The one layout of mappings (`trama fmt`): spaces, empty lines and the places of comments. Everything
// that is not a space stays as it is and where it is, and so do line breaks inside of values. What is
// given back was proved to mean the same.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/span.h"

namespace trama {

struct Layout {
  enum class End : std::uint8_t {
    done,     // `text` is the file as it is to be, which may be as it was
    unread,   // the file is not YAML that we take; the Diagnostics say why
    refused,  // there is no layout that is proved to keep its meaning (see below)
  };
  End end = End::done;
  std::string text;
  std::uint32_t line = 0;  // where it was refused, from 1, or 0
};

/// `raw`: a file as it is. Line ends stay LF or CRLF, whichever the first line has;
/// a UTF-8 mark is taken out.
///
/// Before anything is given back it is proved, with readers of its own (yaml-cpp's events), that
///   - both texts are read as the same tree, order and quotes included;
///   - both have the same characters, but for spaces and line ends;
///   - both have the same comments in the same order;
///   - the new text is laid out as itself.
Layout lay_out(std::string_view raw, std::uint32_t file, Diagnostics& diagnostics);

}  // namespace trama
