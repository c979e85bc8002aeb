// The functions of libxlsxwriter (1.1, its headers of that name), loaded when a workbook is first
// written: it brings OpenSSL with it, which would double what every command takes to start.

#pragma once

#include <xlsxwriter.h>

#include "base/result.h"

namespace trama {

struct Xlsxwriter {
#define TRAMA_FUNCTION(name) decltype(&::name) name = nullptr;
#include "sink/xlsxwriter.inc"
#undef TRAMA_FUNCTION
};

/// Loads it, if it is not loaded yet. output_unwritable for `shown`: it is not installed.
Result<void> load_xlsxwriter(const Phrase& shown);
/// Once it is loaded.
const Xlsxwriter& xlsxwriter() noexcept;

}  // namespace trama
