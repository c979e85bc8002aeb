// The order of the folders of src/, read from every #include.
//
// A folder may include only what its row in kLayers names, and each library has one folder, or one
// file, that may include it. The table is also in src/README.md for people; a test compares the two.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// A folder of src/ and what it may include beside itself: folders or single files; "+" adds what
/// those may include.
struct Layer {
  std::string_view folder;
  std::string_view may_include;
};

constexpr Layer kLayers[] = {
    {"base", "std only"},
    {"value", "base"},
    {"json", "base value"},
    {"step", "base value"},
    {"mapping", "base value step/step.h"},
    {"sink", "base value json"},
    {"plan", "mapping step json sink/format.h +"},
    {"exec", "plan/plan.h step json sink/format.h value base"},
    {"source", "base"},
    {"profile", "json step source +"},
    {"text", "base"},
    {"report", "profile text base value json"},
    {"infer", "mapping report +"},
    {"database", "base"},
    {"state", "base database"},
    {"signature", "base"},
    {"load", "base value plan sink database"},
    {"run", "plan exec json source sink load report state +"},
    {"engine", "run profile infer signature +"},
    {"http", "base"},
    {"service", "engine http state report +"},
    {"pull", "service +"},
    {"push", "service +"},
    {"receive", "service signature database +"},
    {"readiness", "pull push receive +"},
    {"lsp", "engine text +"},
    {"cli", "all"},
};

/// A library's headers begin with `prefix`, and only `user`, a folder or a file, includes them. Of
/// several users each has a line, the foremost first.
struct Library {
  std::string_view prefix;
  std::string_view user;
};

constexpr Library kLibraries[] = {
    {"simdjson.h", "json"},
    {"yaml-cpp/", "mapping"},
    {"CLI/", "cli/option_parser.cpp"},
    {"boost/", "value"},
    {"re2/", "step"},
    {"unicode/", "step"},
    {"isa-l/", "source/gzip.cpp"},
    {"zstd", "source/zstd.cpp"},
    {"nettle/", "base"},
    {"sqlite3.h", "database"},
    {"libpq-fe.h", "database"},
    {"curl/", "http/curl.h"},
    {"microhttpd.h", "receive/microhttpd.h"},
    {"xlsxwriter.h", "sink/xlsxwriter.h"},
    {"zlib.h", "sink/workbook_proof.cpp"},
    {"zstd", "sink/parquet_column.cpp"},
};

/// What exec does without: it knows neither files nor threads.
constexpr std::string_view kNotInExec[] = {
    "thread", "mutex",   "shared_mutex", "condition_variable",
    "future", "fstream", "iostream",     "filesystem"};

/// What every host calls has no terminal: what it has to say, it gives back.
constexpr std::string_view kNotInEngine[] = {"iostream", "cstdlib", "csignal"};

constexpr std::string_view kSystemHeaders[] = {
    "unistd.h",    "fcntl.h",     "signal.h",    "poll.h",      "dlfcn.h",  "pthread.h",
    "dirent.h",    "glob.h",      "malloc.h",    "termios.h",   "stdlib.h", "langinfo.h",
    "immintrin.h", "emmintrin.h", "arpa/inet.h", "netinet/in.h"};

struct Include {
  std::size_t line;  // from 1
  std::string_view path;
  bool quoted;
};

std::string_view folder_of(std::string_view path) {
  return path.substr(0, std::min(path.find('/'), path.size()));
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) {
      found.push_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// All that `folder` may include: names of folders, and of files that are allowed alone.
// NOLINTNEXTLINE(misc-no-recursion): a row names only rows above it, which a test below holds.
std::set<std::string_view> allowed(std::string_view folder) {
  const auto* const layer = std::ranges::find(kLayers, folder, &Layer::folder);
  std::set<std::string_view> names{folder};
  if (layer == std::end(kLayers) || layer->may_include == "std only") {
    return names;
  }
  if (layer->may_include == "all") {
    for (const Layer& other : kLayers) {
      names.insert(other.folder);
    }
    return names;
  }
  const auto listed = words(layer->may_include);
  const bool widen = listed.back() == "+";
  for (const std::string_view name : listed) {
    if (name == "+") {
      continue;
    }
    names.insert(name);
    if (widen) {
      std::set<std::string_view> more = allowed(folder_of(name));
      more.erase(folder_of(name));  // a file that is named alone brings no other of its folder
      names.merge(more);
    }
  }
  return names;
}

/// The path of an #include line, or nothing where the line is another.
std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> found;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view rest = without_blanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!rest.starts_with('#')) {
      continue;
    }
    rest = without_blanks(rest.substr(1));
    if (!rest.starts_with("include")) {
      continue;
    }
    rest = without_blanks(rest.substr(std::string_view("include").size()));
    const bool quoted = rest.starts_with('"');
    const std::size_t closing = rest.find(quoted ? '"' : '>', 1);
    if (closing != std::string_view::npos) {
      found.push_back({line, rest.substr(1, closing - 1), quoted});
    }
  }
  return found;
}

/// Why `folder` may not include the quoted `path`, or nothing where it may.
std::string fault_of_ours(std::string_view folder, std::string_view path) {
  if (path.find('/') == std::string_view::npos) {
    return "is not written from src/ (\"folder/file.h\")";
  }
  const auto names = allowed(folder);
  if (names.contains(folder_of(path)) || names.contains(path)) {
    return {};
  }
  return "is not below " + std::string(folder) + "/";
}

/// The same of `file` for a header in angle brackets.
std::string fault_of_others(std::string_view file, std::string_view path) {
  const std::string_view folder = folder_of(file);
  for (const Library& library : kLibraries)
    if (path.starts_with(library.prefix) && (library.user == folder || library.user == file))
      return {};
  for (const Library& library : kLibraries) {
    if (path.starts_with(library.prefix)) {
      const bool one_file = library.user.find('/') != std::string_view::npos;
      return "is for " + std::string(library.user) + (one_file ? " alone" : "/ alone");
    }
  }
  if (folder == "exec" && std::ranges::count(kNotInExec, path) > 0) {
    return "is for files or threads, which exec/ does without";
  }
  if (folder == "engine" && std::ranges::count(kNotInEngine, path) > 0) {
    return "is for a program with a terminal, which engine/ does without";
  }
  const bool standard = path.find_first_of("./") == std::string_view::npos;
  const bool system = path.starts_with("sys/") || std::ranges::count(kSystemHeaders, path) > 0;
  return standard || (system && folder != "exec") ? "" : "belongs to no library of the table";
}

/// One line for each wrong #include in `text`, the content of src/`file`: "plan/x.cpp:12: ...".
std::vector<std::string> offences(std::string_view file, std::string_view text) {
  const std::string_view folder = folder_of(file);
  std::vector<std::string> found;
  for (const Include& include : includes_of(text)) {
    const std::string fault =
        include.quoted ? fault_of_ours(folder, include.path) : fault_of_others(file, include.path);
    if (!fault.empty()) {
      found.push_back(std::string(file) + ":" + std::to_string(include.line) + ": " +
                      std::string(include.path) + " " + fault);
    }
  }
  return found;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The sources: path from src/ -> content.
std::map<std::string, std::string> sources() {
  const std::filesystem::path src = std::filesystem::path(TRAMA_SOURCE_DIR) / "src";
  std::map<std::string, std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(src)) {
    const std::string kind = entry.path().extension().string();
    if (kind == ".h" || kind == ".cpp" || kind == ".inc") {
      found[entry.path().lexically_relative(src).generic_string()] = content_of(entry.path());
    }
  }
  return found;
}

/// The rows "| `folder/` | ... | may include |" of the first Markdown table that has some (but its
/// head, `src/`), without the backquotes.
std::vector<std::pair<std::string, std::string>> rows_of_table(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> rows;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = without_blanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t second = line.find('|', 1);
    if (!line.starts_with('|') || !line.ends_with('|') || second == line.size() - 1) {
      if (!rows.empty()) break;
      continue;
    }
    const std::string_view first = without_blanks(line.substr(1, second - 1));
    if (!first.starts_with('`') || !first.ends_with("/`") || first == "`src/`") {
      continue;
    }
    const std::size_t last = line.rfind('|', line.size() - 2);
    std::string cell(without_blanks(line.substr(last + 1, line.size() - last - 2)));
    std::erase(cell, '`');
    rows.emplace_back(first.substr(1, first.size() - 3), cell);
  }
  return rows;
}

}  // namespace

TEST_CASE("layering: every include of src goes down the table") {
  const auto files = sources();
  CHECK(files.size() > 20);
  for (const auto& [file, text] : files) {
    CHECK_MESSAGE(std::ranges::count(kLayers, folder_of(file), &Layer::folder) == 1, file,
                  ": its folder is not in the table");
    for (const std::string& offence : offences(file, text)) {
      FAIL_CHECK("src/", offence);
    }
  }
}

TEST_CASE("layering: nothing that exec includes leads to the mapping") {
  const auto files = sources();
  std::map<std::string, std::string> reached;  // file -> one that includes it
  std::vector<std::string> waiting;
  for (const auto& [file, text] : files) {
    if (folder_of(file) == "exec") {
      waiting.push_back(file);
    }
  }
  while (!waiting.empty()) {
    const std::string file = waiting.back();
    waiting.pop_back();
    const auto found = files.find(file);
    if (found == files.end()) {
      continue;
    }
    for (const Include& include : includes_of(found->second)) {
      if (include.quoted && reached.emplace(include.path, file).second) {
        waiting.emplace_back(include.path);
      }
    }
  }
  for (const auto& [file, from] : reached) {
    CHECK_MESSAGE(folder_of(file) != "mapping", "src/", from, " includes ", file,
                  ", and exec/ includes that");
  }
}

TEST_CASE("layering: wrong includes are found") {
  struct Case {
    std::string_view file;
    std::string_view text;
    std::string_view offence;  // empty: allowed
  };
  static constexpr Case kCases[] = {
      {"value/date.cpp", "#include \"base/codes.h\"\n#include <string>\n", ""},
      {"base/utf8.cpp", "// one\n\n#include \"value/value.h\"\n",
       "base/utf8.cpp:3: value/value.h is not below base/"},
      {"exec/map.cpp", "#include \"plan/plan.h\"\n", ""},
      {"exec/map.cpp", "#include \"plan/compile.h\"\n",
       "exec/map.cpp:1: plan/compile.h is not below exec/"},
      {"exec/map.cpp", "#include \"mapping/mapping.h\"\n",
       "exec/map.cpp:1: mapping/mapping.h is not below exec/"},
      {"plan/compile.cpp", "#include \"sink/format.h\"\n#include \"step/args.h\"\n", ""},
      {"plan/compile.cpp", "#include \"sink/row_encoder.h\"\n",
       "plan/compile.cpp:1: sink/row_encoder.h is not below plan/"},
      {"exec/map.cpp", "#include \"sink/format.h\"\n", ""},
      {"exec/map.cpp", "#include \"sink/row_encoder.h\"\n",
       "exec/map.cpp:1: sink/row_encoder.h is not below exec/"},
      {"run/run.cpp", "#include \"sink/row_encoder.h\"\n", ""},
      {"sink/csv.cpp", "#include \"plan/plan.h\"\n",
       "sink/csv.cpp:1: plan/plan.h is not below sink/"},
      {"exec/map.cpp", "#include <thread>\n",
       "exec/map.cpp:1: thread is for files or threads, which exec/ does without"},
      {"exec/map.cpp", "#include <unistd.h>\n",
       "exec/map.cpp:1: unistd.h belongs to no library of the table"},
      {"run/run.cpp", "#include \"mapping/mapping.h\"\n", ""},
      {"run/run.cpp", "#include \"cli/options.h\"\n",
       "run/run.cpp:1: cli/options.h is not below run/"},
      {"run/run.cpp", "#include \"engine/load.h\"\n",
       "run/run.cpp:1: engine/load.h is not below run/"},
      {"engine/load.cpp", "#include \"mapping/mapping.h\"\n#include \"run/run.h\"\n", ""},
      {"engine/load.cpp", "#include \"cli/command_line.h\"\n",
       "engine/load.cpp:1: cli/command_line.h is not below engine/"},
      {"engine/load.cpp", "#include <iostream>\n",
       "engine/load.cpp:1: iostream is for a program with a terminal, which engine/ does without"},
      {"source/zstd.cpp", "#include <sys/stat.h>\n#include <zstd.h>\n", ""},
      {"source/file.cpp", "#include \"json/record.h\"\n",
       "source/file.cpp:1: json/record.h is not below source/"},
      {"plan/compile.cpp", "  #  include   <simdjson.h>  // why not\n",
       "plan/compile.cpp:1: simdjson.h is for json/ alone"},
      {"cli/main.cpp", "#include <yaml-cpp/yaml.h>\r\n",
       "cli/main.cpp:1: yaml-cpp/yaml.h is for mapping/ alone"},
      {"cli/option_parser.cpp", "#include <CLI/CLI.hpp>", ""},
      {"cli/option_parser.h", "#include <CLI/CLI.hpp>",
       "cli/option_parser.h:1: CLI/CLI.hpp is for cli/option_parser.cpp alone"},
      {"sink/csv.cpp", "#include <fmt/format.h>",
       "sink/csv.cpp:1: fmt/format.h belongs to no library of the table"},
      {"sink/csv.cpp", "#include \"csv.h\"",
       "sink/csv.cpp:1: csv.h is not written from src/ (\"folder/file.h\")"},
      {"sink/csv.cpp", "// #include \"cli/options.h\"\nint include;\n#define include\n", ""},
  };
  for (const Case& c : kCases) {
    INFO(c.file, ": ", c.text);
    const auto found = offences(c.file, c.text);
    CHECK(found.size() == (c.offence.empty() ? 0U : 1U));
    CHECK((found.empty() ? std::string() : found.front()) == c.offence);
  }
}

TEST_CASE("layering: the table of src/README.md is this one") {
  const auto rows =
      rows_of_table(content_of(std::filesystem::path(TRAMA_SOURCE_DIR) / "src" / "README.md"));
  REQUIRE(rows.size() == std::size(kLayers));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].first == kLayers[i].folder);
    CHECK(rows[i].second == kLayers[i].may_include);
  }
}

TEST_CASE("layering: no row names a folder that stands below it in the table") {
  std::set<std::string_view> above;
  for (const Layer& layer : kLayers) {
    above.insert(layer.folder);
    if (layer.may_include != "all") {
      for (const std::string_view name : allowed(layer.folder)) {
        CHECK_MESSAGE(above.contains(folder_of(name)), layer.folder, " names ", name);
      }
    }
  }
}
