#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/migrator.hpp>

#include "cli/check/server_checks.hpp"
#include "cli/commands/commands.hpp"
#include "cli/failure.hpp"
#include "cli/report_text.hpp"

namespace flowdb::cli {

namespace {

using check::Findings;
using check::Verdict;

Style style_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return Style::good;
    case Verdict::warning:
      return Style::warning;
    case Verdict::bad:
      break;
  }
  return Style::bad;
}

/// What is behind a connection that could not be made, as far as the error tells.
std::string remedy_for(const Error& error) {
  if (dynamic_cast<const AuthenticationError*>(&error) != nullptr) {
    return "Correct user or password in the connection string, or what the server lets in "
           "(PostgreSQL: pg_hba.conf).";
  }
  if (error.sqlstate() == "3D000") return "Create the database, or correct its name.";
  return "Look whether the server runs, whether host and port are right, and whether a firewall "
         "stands between.";
}

std::optional<DatabaseManager> look_at_configuration(const Invocation& call, Findings& findings) {
  try {
    auto database = call.open();
    findings.good("configuration", to_string(database.database_type()) +
                                       std::string{", environment "} + call.config().environment());
    return database;
  } catch (const ConfigurationError& error) {
    findings.bad("configuration", error.what(), "");
    return std::nullopt;
  }
}

/// Whether the server can be reached. `exit_code`: what it is called if not.
bool look_at_connection(DatabaseManager& database, Findings& findings, ExitCode& exit_code) {
  try {
    database.execute_query("SELECT 1");
    const auto status = database.get_pool_status();
    findings.good("connection", "the first answer took " +
                                    std::to_string(static_cast<int>(status.acquire_time_ms.max)) +
                                    " ms");
    return true;
  } catch (const Error& error) {
    findings.bad("connection", error.what(), remedy_for(error));
    exit_code = describe(std::current_exception()).exit_code;
    return false;
  }
}

void look_at_migrations(DatabaseManager& database, Findings& findings) {
  try {
    const auto validation = Migrator{database}.validate();
    for (const auto& problem : validation.problems) {
      findings.bad("migrations", problem.text, "");
    }
    const auto pending = validation.pending_migrations.size();
    if (pending > 0) {
      findings.warning("migrations", counted(pending, "migration") + " pending",
                       "flowdb migrate, or …_AUTO_MIGRATE=true.");
    } else if (validation.is_valid()) {
      findings.good("migrations", "files and history agree, none pending");
    }
  } catch (const Error& error) {
    findings.bad("migrations", error.what(), "");
  }
}

void print(const Invocation& call, const std::string& name, const Findings& findings) {
  auto& out = call.out();
  for (const auto& finding : findings.all()) {
    out << call.terminal().styled(style_of(finding.verdict), to_string(finding.verdict)) << "  "
        << finding.about << ": " << printable(finding.text) << '\n';
    if (!finding.remedy.empty()) out << "      " << printable(finding.remedy) << '\n';
  }
  out << printable(name) << ": "
      << (findings.worst() == Verdict::bad ? "something is wrong.\n" : "ready.\n");
}

ExitCode look(const Invocation& call, Findings& findings) {
  auto database = look_at_configuration(call, findings);
  if (!database) return ExitCode::wrong_configuration;
  auto exit_code = ExitCode::done;
  if (!look_at_connection(*database, findings, exit_code)) return exit_code;
  std::error_code error;
  const check::Expected expected{.makes_tables =
                                     std::filesystem::is_directory(call.directory(), error)};
  if (database->database_type() == DatabaseType::sqlserver) {
    look_at_sqlserver(*database, expected, findings);
  } else {
    look_at_postgresql(*database, expected, findings);
  }
  if (expected.makes_tables) look_at_migrations(*database, findings);
  return findings.worst() == Verdict::bad ? ExitCode::found_something : ExitCode::done;
}

/// Which database it was about, though that may be what is wrong.
std::string name_of(const Invocation& call) {
  try {
    return call.database();
  } catch (const ConfigurationError&) {
    return call.options().database;
  }
}

ExitCode check_setup(const Invocation& call) {
  Findings findings;
  const auto exit_code = look(call, findings);
  const auto name = name_of(call);
  if (call.is_json()) {
    call.print(findings.to_json(name));
  } else {
    print(call, name, findings);
  }
  return exit_code;
}

}  // namespace

void add_check(Program& program) {
  program.add("check", "What is wrong with configuration, connection, server and privileges",
              check_setup);
}

}  // namespace flowdb::cli
