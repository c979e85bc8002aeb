#include "base/version.h"

#include <string>

#include "base/phrase_codes.h"
#include "cli/command_line.h"
#include "report/json_out.h"
#include "sink/format.h"
#include "text/catalogue.h"
#include "value/zone.h"

namespace trama {

std::string version_text(Language language) {
  std::string built_with;
  for (const Library& library : libraries()) {
    if (!built_with.empty()) built_with += ", ";
    (built_with += library.name) += ' ';
    built_with += library.version;
  }
  return say(language,
             Phrase(PhraseCode::cli_versions, {version(), zone_data_version(), built_with}));
}

std::string version_json() {
  JsonOut out;
  out.open('{').key("trama").text(version()).key("released").text(released()).key("commit");
  if (commit().empty())
    out.null();
  else
    out.text(commit());
  out.key("compiler").text(compiler()).key("zone_data").text(zone_data_version());
  out.key("libraries").open('{');
  for (const Library& library : libraries()) out.key(library.name).text(library.version);
  out.close('}').key("features").open('{');
  const auto list = [&out](std::string_view key, const auto& all, const auto& name_of) {
    out.key(key).open('[');
    for (const auto& one : all) out.text(name_of(one));
    out.close(']');
  };
  list("commands", all_subcommands(), [](const SubcommandSpec* spec) { return spec->name; });
  list("output_formats", all_formats(), [](const FormatSpec* spec) { return spec->name; });
  list("compressions", std::initializer_list<std::string_view>{"gzip", "zstd"},
       [](std::string_view name) { return name; });
  list("languages", language_tags(), [](std::string_view tag) { return tag; });
  return out.close('}').close('}').take() + '\n';
}

}  // namespace trama
