// Nothing reaches a screen but through base/terminal_text, as the text of src/ has it.

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// A word that writes to a descriptor or names one of the screen, and the files that may have it.
struct Writer {
  std::string_view word;
  std::string_view files;  // beside base/terminal_text.cpp
};

constexpr Writer kWriters[] = {
    {"std::cout", ""},
    {"std::cerr", ""},
    {"std::clog", ""},
    {"std::wcout", ""},
    {"std::wcerr", ""},
    {"<iostream>", ""},
    {"<print>", ""},
    {"stdout", ""},
    {"stderr", ""},
    {"printf", ""},  // snprintf is a word of its own
    {"fprintf", ""},
    {"vprintf", ""},
    {"vfprintf", ""},
    {"dprintf", ""},
    {"puts", ""},
    {"fputs", ""},
    {"putchar", ""},
    {"fputc", ""},
    {"putc", ""},
    {"fwrite", ""},
    {"perror", ""},
    {"syslog", ""},
    {"STDERR_FILENO",
     "cli/process.cpp "         // opened on /dev/null where it is closed
     "cli/watch_command.cpp"},  // of a run in a process of its own: into a file
    {"STDOUT_FILENO", "sink/output_file.cpp cli/process.cpp"},  // rows; the same
    {"/dev/tty", ""},
    {"::write",
     "sink/output_file.cpp sink/publish.cpp base/write_all.h"},
    {"writev", ""},
    {"::pwrite", "run/temporary_file.cpp"},
};

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Without what stands behind `//` and inside quotes.
std::string code_of(std::string_view text) {
  std::string code;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    bool quoted = false;
    const bool include = line.starts_with('#');
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (!quoted && line.substr(i).starts_with("//")) break;
      if (quoted && c == '\\') {
        ++i;
        continue;
      }
      const bool character =
          c == '\'' && !quoted && i + 2 < line.size() &&
          (line[i + 2] == '\'' ||
           (line[i + 1] == '\\' && line.substr(i).find('\'', 2) != std::string_view::npos));
      if (character) {
        i += line.substr(i + 1).find('\'', line[i + 1] == '\\' ? 2 : 1) + 1;
        continue;
      }
      if (c == '"' && !include) quoted = !quoted;
      if (!quoted || c == '"') code += c;
    }
    code += '\n';
  }
  return code;
}

/// Whether `word` stands in `code` as a word of its own.
bool has_word(std::string_view code, std::string_view word) {
  for (std::size_t at = code.find(word); at != std::string_view::npos;
       at = code.find(word, at + 1)) {
    const bool begins = !is_word(word.front()) || at == 0 || !is_word(code[at - 1]);
    const bool scoped = word.starts_with("::") && at > 0 && is_word(code[at - 1]);
    const std::size_t end = at + word.size();
    const bool ends = !is_word(word.back()) || end == code.size() || !is_word(code[end]);
    if (begins && ends && !scoped) return true;
  }
  return false;
}

bool lists(std::string_view files, std::string_view file) {
  const std::size_t at = files.find(file);
  return at != std::string_view::npos;
}

/// The words in `text`, the content of src/`file`, that it may not have.
std::vector<std::string> offences(std::string_view file, std::string_view text) {
  std::vector<std::string> found;
  if (file == "base/terminal_text.cpp") return found;
  const std::string code = code_of(text);
  for (const Writer& writer : kWriters)
    if (has_word(code, writer.word) && !lists(writer.files, file)) found.emplace_back(writer.word);
  return found;
}

}  // namespace

TEST_CASE("terminal: nothing in src writes to the screen but base/terminal_text") {
  const std::filesystem::path src = std::filesystem::path(TRAMA_SOURCE_DIR) / "src";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(src)) {
    const std::string kind = entry.path().extension().string();
    if (kind != ".h" && kind != ".cpp" && kind != ".inc") continue;
    ++files;
    const std::string file = entry.path().lexically_relative(src).generic_string();
    for (const std::string& word : offences(file, content_of(entry.path())))
      FAIL_CHECK("src/", file, " has ", word,
                 ": what is for the screen goes through base/terminal_text.h");
  }
  CHECK(files > 100);
}

TEST_CASE("terminal: what writes past it is found") {
  struct Case {
    std::string_view file;
    std::string_view text;
    std::string_view word;  // empty: allowed
  };
  static constexpr Case kCases[] = {
      {"cli/main.cpp", "  std::cout << text;\n", "std::cout"},
      {"cli/main.cpp", "std :: cout", ""},
      {"run/run.cpp", "#include <iostream>\n", "<iostream>"},
      {"run/run.cpp", "  std::fprintf(stderr, \"x\");\n", "stderr"},
      {"report/summary.cpp", "std::puts(text);\n", "puts"},
      {"report/summary.cpp", "outputs(text); inputs(x); computs(y);\n", ""},
      {"report/summary.cpp", "std::snprintf(buffer, 4, \"%d\", 1);\n", ""},
      {"report/summary.cpp", "::write(2, text, size);\n", "::write"},
      {"exec/rest.cpp", "void RestWriter::write(const Node& record) {\n", ""},
      {"sink/output_file.cpp", "retried([&] { return ::write(fd_, data, size); });\n", ""},
      {"sink/output_file.cpp", "if (fd == STDOUT_FILENO) return;\n", ""},
      {"sink/csv.cpp", "if (fd == STDOUT_FILENO) return;\n", "STDOUT_FILENO"},
      {"sink/csv.cpp", "// std::cout is for others\n", ""},
      {"sink/csv.cpp", "const char* p = \"std::cout\";\n", ""},
      {"sink/csv.cpp", "f('\"'); std::cerr << 1;\n", "std::cerr"},
      {"base/terminal_text.cpp", "::write(2, text, size);\n", ""},
  };
  for (const Case& c : kCases) {
    INFO(c.file, ": ", c.text);
    const std::vector<std::string> found = offences(c.file, c.text);
    if (c.word.empty()) {
      CHECK(found.empty());
    } else {
      CHECK(std::count(found.begin(), found.end(), c.word) == 1);
    }
  }
}
