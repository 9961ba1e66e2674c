#include <memory>

#include <nlohmann/json.hpp>

#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"
#include "cli/migration_flags.hpp"
#include "cli/report_text.hpp"

namespace flowdb::cli {

namespace {

ExitCode validate(const Invocation& call, const MigrationFlags& flags) {
  auto database = call.open(flags.options());
  const auto validation = Migrator{database}.validate();
  if (call.is_json()) {
    call.print(validation.to_json());
  } else {
    print_problems(call, validation.problems);
    call.out() << printable(validation.database_name) << ": "
               << (validation.is_valid() ? "files and history agree"
                                         : counted(validation.problems.size(), "problem"))
               << ", " << counted(validation.pending_migrations.size(), "migration")
               << " pending.\n";
  }
  return validation.is_valid() ? ExitCode::done : ExitCode::found_something;
}

}  // namespace

void add_validate(Program& program) {
  const auto flags = std::make_shared<MigrationFlags>();
  auto& command = program.add("validate", "Whether files and history agree; never writes",
                              [flags](const Invocation& call) { return validate(call, *flags); });
  flags->declare_selection(command);
}

}  // namespace flowdb::cli
