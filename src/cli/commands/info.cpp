#include <memory>

#include <nlohmann/json.hpp>

#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"
#include "cli/migration_flags.hpp"
#include "cli/report_text.hpp"
#include "cli/text_table.hpp"

namespace flowdb::cli {

namespace {

Style style_of(MigrationState state) {
  switch (state) {
    case MigrationState::success:
    case MigrationState::out_of_order:
    case MigrationState::baseline:
      return Style::good;
    case MigrationState::pending:
    case MigrationState::outdated:
    case MigrationState::available:
      return Style::plain;
    case MigrationState::failed:
    case MigrationState::interrupted:
    case MigrationState::missing:
      return Style::bad;
    case MigrationState::ignored:
    case MigrationState::future:
      return Style::warning;
    case MigrationState::above_target:
    case MigrationState::below_baseline:
    case MigrationState::superseded:
    case MigrationState::undone:
    case MigrationState::deleted:
      break;
  }
  return Style::faint;
}

void print(const Invocation& call, const MigrationOverview& overview) {
  auto& out = call.out();
  out << "Database   " << printable(overview.database_name) << "\nMigrations "
      << printable(overview.migration_directory) << "\nHistory    "
      << printable(overview.history_table) << "\nVersion    "
      << call.terminal().styled(Style::bold, printable(version_or_none(overview.current_version)))
      << "\n";
  if (overview.adopted_from) {
    out << "To adopt   " << printable(*overview.adopted_from) << "\n";
  }
  if (overview.migrations.empty()) {
    out << "\nThere are no migrations.\n";
    return;
  }
  TextTable table{{"Category", "Version", "Description", "State", "Installed on", "By", "Time"}};
  table.align_right(6);
  for (const auto& migration : overview.migrations) {
    const auto time = migration.execution_time;
    table.add({{migration.category},
               {migration.version},
               {migration.description},
               {to_string(migration.state), style_of(migration.state)},
               {migration.installed_on.value_or("").substr(0, 19)},
               {migration.installed_by.value_or("")},
               {time ? std::to_string(time->count()) + " ms" : "", Style::faint}});
  }
  out << '\n';
  table.print(out, call.terminal());
  if (!overview.problems.empty()) out << '\n';
  print_problems(call, overview.problems);
}

ExitCode info(const Invocation& call, const MigrationFlags& flags) {
  auto database = call.open(flags.options());
  const auto overview = Migrator{database}.info();
  if (call.is_json()) {
    call.print(overview.to_json());
  } else {
    print(call, overview);
  }
  return ExitCode::done;
}

}  // namespace

void add_info(Program& program) {
  const auto flags = std::make_shared<MigrationFlags>();
  auto& command = program.add("info", "What was applied and what is pending; never writes",
                              [flags](const Invocation& call) { return info(call, *flags); });
  flags->declare_selection(command);
}

}  // namespace flowdb::cli
