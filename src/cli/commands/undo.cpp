#include <memory>

#include <nlohmann/json.hpp>

#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"
#include "cli/migration_flags.hpp"
#include "cli/progress_display.hpp"
#include "cli/report_text.hpp"

namespace flowdb::cli {

namespace {

ExitCode undo(const Invocation& call, const MigrationFlags& flags) {
  auto options = flags.options();
  MigrationReport report;
  {
    ProgressDisplay progress{call.options()};
    options.on_progress = progress.listener();
    auto database = call.open(options);
    report = Migrator{database}.undo();
  }
  if (call.is_json()) {
    call.print(report.to_json());
  } else {
    print_applied(call, report, "undone");
  }
  return ExitCode::done;
}

}  // namespace

void add_undo(Program& program) {
  const auto flags = std::make_shared<MigrationFlags>();
  auto& command =
      program.add("undo", "Take back the last migration, or all above --target, by U… scripts",
                  [flags](const Invocation& call) { return undo(call, *flags); });
  flags->declare_selection(command);
}

}  // namespace flowdb::cli
