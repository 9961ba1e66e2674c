#include "cli/migration_flags.hpp"

#include <chrono>
#include <map>

#include <flowdb/error.hpp>

namespace flowdb::cli {

namespace {

/// A longer one is no limit any more, and would not fit milliseconds.
constexpr double kLongestTimeout = 86'400;

std::map<std::string, std::string> values_of(const std::vector<std::string>& placeholders) {
  std::map<std::string, std::string> values;
  for (const auto& placeholder : placeholders) {
    const auto equals = placeholder.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw InvalidArgument("--placeholder takes name=value.");
    }
    values[placeholder.substr(0, equals)] = placeholder.substr(equals + 1);
  }
  return values;
}

InterruptedStatement interrupted_statement(const std::string& word) {
  if (word == "run-again") return InterruptedStatement::run_again;
  if (word == "skip") return InterruptedStatement::skip;
  return InterruptedStatement::ask;
}

}  // namespace

void MigrationFlags::declare_selection(CLI::App& command) {
  command.add_option("-t,--target", target_, "Leave versions above this one alone (3.1, latest)");
  command.add_flag("--out-of-order", given_.out_of_order,
                   "Run migrations below the current version, too");
  command.add_option("--placeholder", placeholders_, "name=value for ${name} in the scripts")
      ->allow_extra_args(false);
  command.add_flag("--placeholders", has_placeholders_, "Fill in ${flowdb:…} though none is given");
  command.add_option("--adopt-table", given_.adopt_table,
                     "Another tool's history, where it does not have its default name");
}

void MigrationFlags::declare_execution(CLI::App& command) {
  command
      .add_option("--lock-timeout", lock_timeout_,
                  "Seconds that a statement waits for a lock (5; 0: as the server says)")
      ->check(CLI::Range(0.0, kLongestTimeout));
  command
      .add_option("--lock-retries", given_.lock_retries, "How often it is tried again then (10)")
      ->check(CLI::NonNegativeNumber);
  command
      .add_option("--interrupted", interrupted_,
                  "A statement of which nobody knows whether it ran: ask, run-again or skip")
      ->check(CLI::IsMember({"ask", "run-again", "skip"}));
  command.add_flag("--session-pooler", given_.pooler_keeps_sessions,
                   "The pooler before the server is in session mode");
  command.add_flag("--baseline-on-migrate", given_.baseline_on_migrate,
                   "Give a schema without history a baseline first");
}

void MigrationFlags::declare_baseline(CLI::App& command) {
  command.add_option("--baseline-version", given_.baseline_version, "What it has already (1)");
  command.add_option("--baseline-description", given_.baseline_description, "Baseline");
}

MigrationOptions MigrationFlags::options() const {
  auto options = given_;
  if (!target_.empty()) options.target = target_;
  if (has_placeholders_ || !placeholders_.empty()) options.placeholders = values_of(placeholders_);
  if (lock_timeout_ >= 0) {
    options.lock_timeout = std::chrono::milliseconds{static_cast<int>(lock_timeout_ * 1000)};
  }
  options.interrupted_statement = interrupted_statement(interrupted_);
  return options;
}

}  // namespace flowdb::cli
