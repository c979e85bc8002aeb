#include "cli/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>

#include "base/check.h"
#include "base/codes.h"
#include "base/exit.h"
#include "base/result.h"
#include "base/terminal_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// The line for want of memory, made while there is some. Of the program;
/// a library has no such thing.
std::string& last_words() {
  static std::string words = "trama: " + std::string(name(FailureCode::no_memory)) + "\n";
  return words;
}

/// The other way round: what was closed is open, and gives EBADF as before.
void open_standard_streams() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // the lowest that is free: this one
    (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

[[noreturn]] void on_terminate() noexcept {
  if (const std::exception_ptr thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
      ::_exit(tell_no_memory());
    } catch (...) {
      TRAMA_CHECK(std::current_exception() == nullptr);
    }
  }
  std::abort();
}

}  // namespace

void prepare_process() noexcept {
  open_standard_streams();
  std::signal(SIGXFSZ,
              SIG_IGN);  // a file that gets too big is an error of write(), told like any other
  std::set_terminate(on_terminate);
}

void prepare_last_words(Language language) {
  const Failure failure{FailureCode::no_memory, {}};
  last_words() =
      visible("trama: " + std::string(name(failure.code)) + ": " + say(language, failure)) + "\n";
}

int tell_no_memory() noexcept {
  show_visible(Screen::err, last_words());
  return static_cast<int>(Exit::temporary);
}

}  // namespace trama
