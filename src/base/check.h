// TRAMA_CHECK: what must hold unless the program itself is wrong. Ends the program, saying where.

#pragma once

namespace trama {
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;
/// A library got no memory. Throws std::bad_alloc, as `new` does: the one exception that is ours.
[[noreturn]] void no_memory();
}  // namespace trama

#define TRAMA_CHECK(condition) \
  (static_cast<bool>(condition) ? void() : ::trama::check_failed(#condition, __FILE__, __LINE__))
