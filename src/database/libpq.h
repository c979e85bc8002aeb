// The functions of libpq (PostgreSQL 15, chapter 34), taken from its library when a server is first
// asked for something: it brings some twenty others with it (Kerberos, LDAP, TLS), which would add
// nearly half to what every command takes to start.

#pragma once

#include <libpq-fe.h>

#include "base/result.h"

namespace trama {

struct Libpq {
#define TRAMA_FUNCTION(name) decltype(&::name) name = nullptr;
#include "database/libpq.inc"
#undef TRAMA_FUNCTION
};

/// Loads it, if it is not loaded yet. database_unusable for `shown`: it is not installed.
Result<void> load_libpq(const std::string& shown);
/// Once it is loaded.
const Libpq& libpq() noexcept;

}  // namespace trama
