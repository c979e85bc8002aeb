// The functions of libmicrohttpd (its header of 0.9.75), loaded when a receiver is started: it brings
// GnuTLS and what that needs with it. Only for receive/.

#pragma once

#include <microhttpd.h>

#include "base/result.h"

namespace trama {

struct Microhttpd {
#define TRAMA_FUNCTION(name) decltype(&::name) name = nullptr;
#include "receive/microhttpd.inc"
#undef TRAMA_FUNCTION
};

/// Loads it, if it is not loaded yet. microhttpd_unavailable: it is not installed.
Result<void> load_microhttpd();
/// Once it is loaded.
const Microhttpd& microhttpd() noexcept;

}  // namespace trama
