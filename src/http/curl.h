// The functions of libcurl (its headers of 7.88), loaded when something is first asked of a server:
// it brings OpenSSL and some twenty libraries with it. Only for http/.

#pragma once

// Its macros that check types would call the functions by their names.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/result.h"

namespace trama {

struct Curl {
#define TRAMA_FUNCTION(name) decltype(&::name) name = nullptr;
#include "http/curl.inc"
#undef TRAMA_FUNCTION
};

/// Loads it, if it is not loaded yet. http_unavailable: it is not installed.
Result<void> load_curl();
/// Once it is loaded.
const Curl& curl() noexcept;

}  // namespace trama
