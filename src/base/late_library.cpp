#include "base/late_library.h"

#include <dlfcn.h>

namespace trama {

LateLibrary::LateLibrary(const char* file) : handle_(::dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) note_error();
}

void* LateLibrary::address_of(const char* name) {
  if (handle_ == nullptr) return nullptr;
  void* const address = ::dlsym(handle_, name);
  if (address == nullptr) note_error();
  return address;
}

void LateLibrary::note_error() {
  const char* const why = ::dlerror();
  if (why_not_.empty()) why_not_ = why == nullptr ? "?" : why;
}

}  // namespace trama
