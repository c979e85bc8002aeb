// The fuzz targets over their committed corpus.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/targets.h"

namespace {

/// Runs `target` over the files of its folder; gives how many there are.
int run_over(const char* name, void (*target)(std::string_view)) {
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator(
           std::filesystem::path(TRAMA_SOURCE_DIR) / "tests/fuzz/corpus" / name)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    INFO(file.path().string());
    target(bytes);
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("fuzz targets: their corpus") {
  CHECK(run_over("framing", trama::fuzz::framing) > 10);
  CHECK(run_over("record", trama::fuzz::record) > 10);
  CHECK(run_over("numbers", trama::fuzz::numbers) > 10);
  CHECK(run_over("dates", trama::fuzz::dates) > 10);
  CHECK(run_over("mapping", trama::fuzz::mapping) > 3);
  CHECK(run_over("layout", trama::fuzz::layout) > 20);
  CHECK(run_over("layout", trama::fuzz::outline) > 20);
  CHECK(run_over("mapping", trama::fuzz::outline) > 3);
  CHECK(run_over("lsp", trama::fuzz::lsp) > 5);
  CHECK(run_over("expression", trama::fuzz::expression) > 10);
  CHECK(run_over("table", trama::fuzz::table) > 10);
  CHECK(run_over("schema", trama::fuzz::schema) > 5);
  CHECK(run_over("input_names", trama::fuzz::input_names) > 5);
  CHECK(run_over("summary", trama::fuzz::summary) > 10);
  CHECK(run_over("rejects", trama::fuzz::rejects) > 10);
  CHECK(run_over("pair", trama::fuzz::pair) > 20);
  CHECK(run_over("kept_profile", trama::fuzz::kept_profile) > 5);
  CHECK(run_over("infer", trama::fuzz::infer) > 5);
  CHECK(run_over("diff", trama::fuzz::diff) > 5);
  CHECK(run_over("answers", trama::fuzz::answers) > 5);
}
