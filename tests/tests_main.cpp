// The main function of the unit tests.
#include <cstdlib>
#include <string>

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

namespace {

/// Messages are compared in English, whatever the locale of who runs the tests.
[[maybe_unused]] const int kEnglish = ::setenv("LC_ALL", "C", 1);

}  // namespace
