#include <memory>

#include <nlohmann/json.hpp>

#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"
#include "cli/migration_flags.hpp"

namespace flowdb::cli {

namespace {

ExitCode baseline(const Invocation& call, const MigrationFlags& flags) {
  auto database = call.open(flags.options());
  const auto report = Migrator{database}.baseline();
  if (call.is_json()) {
    call.print(report.to_json());
  } else {
    call.out() << printable(report.database_name) << ": baseline " << printable(report.version)
               << (report.created ? " made." : " was there already.") << '\n';
  }
  return ExitCode::done;
}

}  // namespace

void add_baseline(Program& program) {
  const auto flags = std::make_shared<MigrationFlags>();
  auto& command =
      program.add("baseline", "Say that the database has what the first migrations would do",
                  [flags](const Invocation& call) { return baseline(call, *flags); });
  flags->declare_baseline(command);
}

}  // namespace flowdb::cli
