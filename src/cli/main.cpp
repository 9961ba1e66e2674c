#include "cli/commands/commands.hpp"
#include "cli/program.hpp"

int main(int argument_count, char** arguments) {
  flowdb::cli::Program program;
  flowdb::cli::add_commands(program);
  return static_cast<int>(program.run(argument_count, arguments));
}
