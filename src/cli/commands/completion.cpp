#include <string>
#include <vector>

#include "cli/commands/commands.hpp"

namespace flowdb::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// A script for bash that knows these commands and their options, and the project's databases.
std::string bash_completion(const std::vector<Program::Words>& commands) {
  std::string names;
  std::string cases;
  for (std::size_t index = 1; index < commands.size(); ++index) {
    const auto& command = commands[index];
    names += (names.empty() ? "" : " ") + command.command;
    cases += "      " + command.command + ") words='" + joined(command.options) + "' ;;\n";
  }
  return R"(# Completion of the flowdb command for bash: source <(flowdb completion)
_flowdb() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words='' word command=''
  COMPREPLY=()
  case $before in
    -d | --database)
      mapfile -t COMPREPLY < <(cd migrations 2>/dev/null && compgen -d -- "$current")
      return
      ;;
    --directory | --project-root)
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      return
      ;;
  esac
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
)" + cases +
         R"(      *) continue ;;
    esac
    command=$word
    break
  done
  if [[ -z $command ]]; then
    words=')" +
         names + R"('
  elif [[ $current != -* ]]; then
    return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words )" +
         joined(commands.front().options) + R"(" -- "$current")
}
complete -o default -F _flowdb flowdb
)";
}

}  // namespace

void add_completion(Program& program) {
  program.add("completion", "Print completion for bash: source <(flowdb completion)",
              [&program](const Invocation& call) {
                call.out() << bash_completion(program.words());
                return ExitCode::done;
              });
}

}  // namespace flowdb::cli
