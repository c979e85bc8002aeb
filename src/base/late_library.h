// LateLibrary: a shared library that is loaded when one of its functions is first needed. For those
// that few runs need and that bring many others with them, which every command would take time to
// load. A list of its functions, LIBRARY.inc, is written once and read twice:
//
//   struct Libpq {                              // what is called
//   #define TRAMA_FUNCTION(name) decltype(&::name) name = nullptr;
//   #include "database/libpq.inc"
//   #undef TRAMA_FUNCTION
//   };
//   LateLibrary library("libpq.so.5");          // where it is loaded
//   #define TRAMA_FUNCTION(name) library.find(#name, libpq.name);
//   #include "database/libpq.inc"
//   #undef TRAMA_FUNCTION

#pragma once

#include <string>

namespace trama {

class LateLibrary {
 public:
  /// Loads `file`, for as long as the program runs.
  explicit LateLibrary(const char* file);

  /// Its function of that name. Where there is none, why_not() says so from then on.
  template <class Function>
  void find(const char* name, Function& function) {
    function = reinterpret_cast<Function>(address_of(name));  // NOLINT: POSIX's way
  }

  /// Empty: all that was asked for is there. Else in the words of the system.
  [[nodiscard]] const std::string& why_not() const noexcept { return why_not_; }

 private:
  void* address_of(const char* name);
  void note_error();

  void* handle_;
  std::string why_not_;
};

}  // namespace trama
