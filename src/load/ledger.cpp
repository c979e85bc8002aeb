#include "load/ledger.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>

#include "base/system_words.h"
#include "sink/output_file.h"
#include "sink/publish.h"

namespace trama {

std::string ledger_ddl(Sql sql) {
  const std::string number = sql == Sql::sqlite ? "INTEGER" : "bigint";
  const std::string text = sql == Sql::sqlite ? "TEXT" : "text";
  const std::string end = sql == Sql::sqlite ? ") STRICT" : ")";
  std::string made = "CREATE TABLE IF NOT EXISTS " + std::string(kLoads) + " (load " + text +
                     " PRIMARY KEY, run " + text + " NOT NULL, target " + text +
                     " NOT NULL, mapping " + text + " NOT NULL, mapping_sha256 " + text +
                     " NOT NULL, started " + text + " NOT NULL, finished " + text + " NOT NULL";
  for (const std::string_view count : {"read", "written", "rejected", "skipped", "duplicates",
                                       "row_count", "inserted", "updated", "deleted"})
    made += ", " + std::string(count) + " " + number + " NOT NULL";
  made += ", to_name " + text + " NOT NULL" + end + ";";
  made += "CREATE TABLE IF NOT EXISTS " + std::string(kLoadInputs) + " (load " + text +
          " NOT NULL REFERENCES " + std::string(kLoads) + " ON DELETE CASCADE, name " + text +
          " NOT NULL, bytes " + number + " NOT NULL, sha256 " + text + " NOT NULL" + end + ";";
  made += "CREATE INDEX IF NOT EXISTS trama_load_inputs_sha256 ON " + std::string(kLoadInputs) +
          " (sha256);";
  return made;
}

std::string new_load_name() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 4; ++i) {
    char digits[9];
    std::snprintf(digits, sizeof(digits), "%08x", random());
    name += digits;
  }
  return name;
}

std::string names_to_give(std::span<OutputFile* const> others) {
  std::string names;
  for (const OutputFile* file : others) {
    if (file->streams()) continue;
    for (const std::string& path : {file->incomplete_path(), file->target()})
      names += std::filesystem::absolute(path).string() + '\n';
  }
  return names;
}

Result<void> give_names_now(std::span<OutputFile* const> others, const std::string& output) {
  Result<void> published = publish_each(others);
  if (published.ok()) return {};
  const Failure& why = published.failure();
  return Failure{FailureCode::load_files_unnamed, {output, Phrase(why.code, why.values)}};
}

Result<bool> give_names(std::string_view names) {
  bool all = true;
  while (!names.empty()) {
    const auto line = [&names] {
      const std::string one(names.substr(0, names.find('\n')));
      names.remove_prefix(std::min(names.size(), one.size() + 1));
      return one;
    };
    const std::string from = line();
    const std::string to = line();
    if (std::rename(from.c_str(), to.c_str()) == 0) continue;
    if (errno != ENOENT) return Failure{FailureCode::output_unwritable, {to, system_words(errno)}};
    std::error_code ignored;
    all = all && std::filesystem::exists(to, ignored);  // it has its name; else it is elsewhere
  }
  return all;
}

}  // namespace trama
