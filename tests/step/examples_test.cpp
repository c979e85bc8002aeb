// The examples of all steps, each as a column of its own through the whole engine: the
// documentation is true.

#include <doctest/doctest.h>

#include <string>

#include "step/step.h"
#include "support/mapped.h"

namespace trama::test {

TEST_CASE("steps: every example through the engine") {
  for (const StepSpec* spec : all_steps()) {
    for (const Example& example : spec->examples) {
      INFO(spec->name, ": ", example.title);
      std::string column = "from: v";
      if (!example.column.empty()) column += ", " + std::string(example.column);
      const Mapped got =
          map("columns:\n  A: {" + column + "}\n", "{\"v\":" + std::string(example.in) + "}");
      if (example.code == RecordCode::ok) {
        CHECK(got.rows == (example.out.empty() ? "\"\"" : std::string(example.out)) + "\n");
        CHECK(got.rejected.empty());
      } else {
        CHECK(got.rows.empty());
        CHECK(got.rejected.find("1: " + std::string(name(example.code))) == 0);
      }
    }
  }
}

}  // namespace trama::test
