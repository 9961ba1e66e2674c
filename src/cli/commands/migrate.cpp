#include <memory>

#include <nlohmann/json.hpp>

#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"
#include "cli/migration_flags.hpp"
#include "cli/progress_display.hpp"
#include "cli/report_text.hpp"

namespace flowdb::cli {

namespace {

ExitCode migrate(const Invocation& call, const MigrationFlags& flags) {
  auto options = flags.options();
  MigrationReport report;
  {
    ProgressDisplay progress{call.options()};
    options.on_progress = progress.listener();
    auto database = call.open(options);
    report = Migrator{database}.migrate();
  }
  if (call.is_json()) {
    call.print(report.to_json());
  } else {
    print_applied(call, report, "applied");
  }
  return ExitCode::done;
}

}  // namespace

void add_migrate(Program& program) {
  const auto flags = std::make_shared<MigrationFlags>();
  auto& command = program.add("migrate", "Apply what is pending",
                              [flags](const Invocation& call) { return migrate(call, *flags); });
  flags->declare_selection(command);
  flags->declare_execution(command);
  flags->declare_baseline(command);
}

}  // namespace flowdb::cli
