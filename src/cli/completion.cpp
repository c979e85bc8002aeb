#include "cli/completion.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/version.h"

namespace trama {
namespace {

/// `text` with `before` in front of each of `characters`.
std::string escaped(std::string_view text, std::string_view characters, std::string_view before) {
  std::string out;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) out += before;
    out += c;
  }
  return out;
}

/// In quotes, for any POSIX shell and zsh.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += R"('\'')";
    else
      out += c;
  }
  return out + '\'';
}

std::string head(std::string_view shell) {
  return "# Completion of trama " + std::string(version()) + " for " + std::string(shell) +
         "; printed by: trama completion " + std::string(shell) + '\n';
}

template <typename Range>
std::string joined(const Range& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

// --- bash

/// What _trama_takes() says of a value: its kind, then words or endings.
std::string bash_value(const OptionRow& row) {
  std::vector<std::string> said;
  switch (row.offers) {
    case Offers::nothing:
      said = {"nothing"};
      break;
    case Offers::words:
      said = {"words"};
      said.insert(said.end(), row.words.begin(), row.words.end());
      break;
    case Offers::files:
      said = {"files"};
      said.insert(said.end(), row.endings.begin(), row.endings.end());
      break;
    case Offers::folders:
      said = {"folders"};
      break;
  }
  return joined(said, " ");
}

/// The lines of _trama_takes() for one command.
std::string bash_takes(const CommandRow& command, std::string_view key) {
  std::string out;
  const auto add = [&](const std::string& pattern, const OptionRow& row) {
    out += "    " + pattern + ") takes=(" + bash_value(row) + ") ;;\n";
  };
  for (const OptionRow& row : command.options) {
    if (!row.takes_value) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : row.names)
      patterns.push_back('"' + std::string(key) + ' ' + name + '"');
    add(joined(patterns, " | "), row);
  }
  for (std::size_t n = 0; n < command.arguments.size(); ++n) {
    const OptionRow& row = command.arguments[n];
    // the last of them takes all that follow, where it takes several
    add('"' + std::string(key) + ' ' + (row.repeats ? "\"[0-9]*" : std::to_string(n + 1) + '"'),
        row);
  }
  return out;
}

std::string bash_options(const CommandRow& command, std::string_view key) {
  std::vector<std::string> names;
  for (const OptionRow& row : command.options)
    names.insert(names.end(), row.names.begin(), row.names.end());
  return "    " + std::string(key) + ") options='" + joined(names, " ") + "' ;;\n";
}

constexpr std::string_view kBashFunction = R"bash(
_trama() {
  local word=${COMP_WORDS[COMP_CWORD]} command=trama waiting='' places=0 only_places='' i one ending
  local takes options
  for ((i = 1; i < COMP_CWORD; i++)); do
    one=${COMP_WORDS[i]}
    if [[ $one == '=' ]]; then continue; fi
    if [[ $waiting ]]; then
      waiting=''
    elif [[ $one == -- ]]; then
      only_places=yes
    elif [[ $one == -?* && ! $only_places ]]; then
      _trama_takes "$command" "$one"
      [[ ${takes[0]} ]] && waiting=$one
    elif [[ $command == trama ]]; then
      command=$one
    else
      places=$((places + 1))
    fi
  done
  [[ $word == '=' ]] && word=''
  COMPREPLY=()
  if [[ ! $waiting && $word == -* && ! $only_places ]]; then
    _trama_options "$command"
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi
  if [[ $waiting ]]; then
    _trama_takes "$command" "$waiting"
  else
    _trama_takes "$command" $((places + 1))
  fi
  case ${takes[0]} in
    words) mapfile -t COMPREPLY < <(compgen -W "${takes[*]:1}" -- "$word") ;;
    folders)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      ;;
    files)
      compopt -o filenames 2>/dev/null
      if [[ ${#takes[@]} -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
      else
        mapfile -t COMPREPLY < <(
          compgen -d -- "$word"
          for ending in "${takes[@]:1}"; do compgen -f -X "!*.$ending" -- "$word"; done
        )
      fi
      ;;
  esac
}
complete -F _trama trama
)bash";

// --- zsh

/// A text within the brackets or between the colons of a spec of _arguments.
std::string zsh_text(std::string_view text) {
  return escaped(text, R"(\[]:)", "\\");
}

std::string zsh_action(const OptionRow& row) {
  switch (row.offers) {
    case Offers::nothing:
      return " ";
    case Offers::words:
      return '(' + joined(row.words, " ") + ')';
    case Offers::folders:
      return "_files -/";
    case Offers::files:
      break;
  }
  return row.endings.empty() ? "_files" : "_files -g \"*.(" + joined(row.endings, "|") + ")\"";
}

std::string zsh_specs(const CommandRow& command) {
  std::string out;
  for (const OptionRow& row : command.options) {
    const std::string value =
        row.takes_value ? ':' + zsh_text(row.value.empty() ? row.names.back() : row.value) + ':' +
                              zsh_action(row)
                        : "";
    for (const std::string& name : row.names) {
      const std::string others = row.repeats ? "*" : '(' + joined(row.names, " ") + ')';
      const std::string_view form = !row.takes_value ? "" : name.starts_with("--") ? "=" : "+";
      out += " \\\n        " +
             quoted(others + name + std::string(form) + '[' + zsh_text(row.help) + ']' + value);
    }
  }
  for (std::size_t n = 0; n < command.arguments.size(); ++n) {
    const OptionRow& row = command.arguments[n];
    out += " \\\n        " +
           quoted((row.repeats ? "*:" : std::to_string(n + 1) + (row.required ? ":" : "::")) +
                  zsh_text(row.value) + ':' + zsh_action(row));
  }
  return out;
}

// --- fish

std::string fish_quoted(std::string_view text) {
  return '\'' + escaped(text, R"(\')", "\\") + '\'';
}

std::string fish_value(const OptionRow& row) {
  switch (row.offers) {
    case Offers::nothing:
      return " -x";
    case Offers::words:
      return " -x -a " + fish_quoted(joined(row.words, " "));
    case Offers::folders:
      return " -x -a '(__fish_complete_directories (commandline -ct))'";
    case Offers::files:
      break;
  }
  return row.endings.empty() ? " -r -F"
                             : " -x -a '(__trama_files " + joined(row.endings, " ") + ")'";
}

std::string fish_rows(const CommandRow& command) {
  const std::string at = "complete -c trama -n '__trama_is " + command.name + "'";
  std::string out;
  for (const OptionRow& row : command.options) {
    out += at;
    for (const std::string& name : row.names)
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    out += (row.takes_value ? fish_value(row) : "") + " -d " + fish_quoted(row.help) + '\n';
  }
  for (std::size_t n = 0; n < command.arguments.size(); ++n) {
    const OptionRow& row = command.arguments[n];
    if (row.offers == Offers::nothing) continue;
    out += "complete -c trama -n '__trama_is " + command.name + ' ' +
           (row.repeats ? "-ge " : "-eq ") + std::to_string(n + 1) + '\'' +
           (row.offers == Offers::files && row.endings.empty() ? " -F" : fish_value(row)) + '\n';
  }
  return out;
}

/// Options of all commands that take a value, by every name.
std::string options_with_value(const CommandTable& table) {
  std::vector<std::string> names;
  const auto add = [&names](const CommandRow& command) {
    for (const OptionRow& row : command.options)
      if (row.takes_value) names.insert(names.end(), row.names.begin(), row.names.end());
  };
  add(table.program);
  for (const CommandRow& command : table.commands) add(command);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return joined(names, " ");
}

constexpr std::string_view kFishFunctions = R"fish(
# __trama_is COMMAND [-eq|-ge PLACE]: whether the words so far are of COMMAND ("trama": none yet), and its argument PLACE is next.
function __trama_is
    set -l words (commandline -opc)
    set -l command trama
    set -l place 1
    set -l skip no
    for word in $words[2..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $__trama_values
            set skip yes
        else if string match -q -- '-*' $word
            continue
        else if test $command = trama
            set command $word
        else
            set place (math $place + 1)
        end
    end
    test $command = $argv[1]; and begin
        test (count $argv) -eq 1; or test $place $argv[2] $argv[3]
    end
end
# __trama_files ENDING...: folders, and files that end so.
function __trama_files
    __fish_complete_path (commandline -ct) | string match -r -- '.*(?:/|\.(?:'(string join '|' -- $argv)'))(?:\t.*)?$'
end
complete -c trama -f
)fish";

}  // namespace

std::string bash_completion(const CommandTable& table) {
  std::string takes;
  std::string options;
  std::vector<std::string> commands;
  for (const CommandRow& command : table.commands) {
    commands.push_back(command.name);
    takes += bash_takes(command, command.name);
    options += bash_options(command, command.name);
  }
  return head("bash") +
         "# _trama_takes COMMAND OPTION|PLACE: what may stand there, in `takes`\n"
         "_trama_takes() {\n  takes=()\n  case \"$1 $2\" in\n" +
         bash_takes(table.program, "trama") + "    \"trama 1\") takes=(words " +
         joined(commands, " ") + ") ;;\n" + takes +
         "  esac\n}\n"
         "_trama_options() {\n  options=''\n  case $1 in\n" +
         bash_options(table.program, "trama") + options + "  esac\n}" + std::string(kBashFunction);
}

std::string zsh_completion(const CommandTable& table) {
  std::string commands;
  std::string cases;
  for (const CommandRow& command : table.commands) {
    commands +=
        "        " + quoted(escaped(command.name, ":", "\\") + ':' + command.summary) + '\n';
    cases += "      " + command.name + ")\n        _arguments -s" + zsh_specs(command) +
             "\n        ;;\n";
  }
  return "#compdef trama\n" + head("zsh") +
         "_trama() {\n"
         "  local context state state_descr line\n"
         "  typeset -A opt_args\n"
         "  _arguments -C -s" +
         zsh_specs(table.program) +
         " \\\n        '1: :->command' \\\n        '*:: :->arguments'\n"
         "  case $state in\n"
         "    command)\n"
         "      local -a commands=(\n" +
         commands +
         "      )\n"
         "      _describe command commands\n"
         "      ;;\n"
         "    arguments)\n"
         "      case $line[1] in\n" +
         cases +
         "      esac\n"
         "      ;;\n"
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _trama ]]; then _trama \"$@\"; else compdef _trama trama; fi\n";
}

std::string fish_completion(const CommandTable& table) {
  std::string out = head("fish") + "set -g __trama_values " + options_with_value(table) +
                    std::string(kFishFunctions) + fish_rows(table.program);
  for (const CommandRow& command : table.commands)
    out += "complete -c trama -n '__trama_is trama' -a " + command.name + " -d " +
           fish_quoted(command.summary) + '\n';
  for (const CommandRow& command : table.commands) out += fish_rows(command);
  return out;
}

}  // namespace trama
