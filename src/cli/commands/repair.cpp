#include <memory>

#include <nlohmann/json.hpp>

#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"
#include "cli/migration_flags.hpp"
#include "cli/report_text.hpp"
#include "cli/text_table.hpp"

namespace flowdb::cli {

namespace {

ExitCode repair(const Invocation& call, const MigrationFlags& flags) {
  auto database = call.open(flags.options());
  const auto report = Migrator{database}.repair();
  if (call.is_json()) {
    call.print(report.to_json());
    return ExitCode::done;
  }
  TextTable table{{"Action", "Script", "Detail"}};
  for (const auto& change : report.changes) {
    table.add({{change.action}, {change.script}, {change.detail}});
  }
  if (!table.empty()) table.print(call.out(), call.terminal());
  call.out() << printable(report.database_name) << ": " << counted(report.changes.size(), "change")
             << " in the history.\n";
  return ExitCode::done;
}

}  // namespace

void add_repair(Program& program) {
  const auto flags = std::make_shared<MigrationFlags>();
  auto& command = program.add(
      "repair", "Put the history right: failed rows, checksums of edited files, missing files",
      [flags](const Invocation& call) { return repair(call, *flags); });
  flags->declare_selection(command);
}

}  // namespace flowdb::cli
