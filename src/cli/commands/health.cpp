#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "cli/report_text.hpp"

namespace flowdb::cli {

namespace {

Style style_of(Health health) {
  switch (health) {
    case Health::healthy:
      return Style::good;
    case Health::degraded:
      return Style::warning;
    case Health::unhealthy:
      break;
  }
  return Style::bad;
}

void print(const Invocation& call, const HealthStatus& status) {
  auto& out = call.out();
  const auto yes_or_no = [](bool holds) { return holds ? "yes" : "no"; };
  out << printable(status.database_name) << " (" << status.database_type
      << "): " << call.terminal().styled(style_of(status.status), to_string(status.status))
      << "\n  connection " << yes_or_no(status.connection) << ", query "
      << yes_or_no(status.query_test) << ", " << status.response_time_ms << " ms\n";
  if (status.migration_status) {
    out << "  version " << printable(version_or_none(status.migration_status->current_version))
        << ", " << counted(status.migration_status->pending_migrations.size(), "migration")
        << " pending\n";
  }
  if (status.replica) {
    out << "  replica: connection " << yes_or_no(status.replica->connection) << ", query "
        << yes_or_no(status.replica->query_test);
    if (status.replica->lag) out << ", lags by " << status.replica->lag->count() << " ms";
    out << '\n';
  }
  if (status.error) out << "  " << printable(*status.error) << '\n';
}

ExitCode health(const Invocation& call) {
  auto database = call.open();
  const auto status = database.health_check();
  if (call.is_json()) {
    call.print(status.to_json());
  } else {
    print(call, status);
  }
  return status.status == Health::healthy ? ExitCode::done : ExitCode::found_something;
}

}  // namespace

void add_health(Program& program) {
  program.add("health", "Whether the database answers, and its migrations are applied", health);
}

}  // namespace flowdb::cli
