// flowdb_reliability [--seed N] [--duration SECONDS] [--server URL] [--short]
//                    [TRIAL | SETTING=NUMBER]...
// flowdb_reliability --list
//
// Runs the trials, all of them unless some are named. Each reports on one line; a failed one tells
// how the same is run again. The trials' server is the one of the integration tests unless given.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <spdlog/logger.h>

#include <flowdb/logging.hpp>

#include "reliability/command_line.hpp"
#include "reliability/migration_runner.hpp"

namespace flowdb::reliability {
namespace {

void list_trials() {
  for (const auto& trial : all_trials()) {
    std::cout << trial.name;
    if (trial.long_form.count() > 0) {
      std::cout << ", " << trial.long_form.count() << " s (short: " << trial.short_form.count()
                << " s)";
    }
    for (const auto& setting : trial.settings) {
      std::cout << ", " << setting.name << '=' << setting.long_form << " (" << setting.short_form
                << ')';
    }
    std::cout << "\n  " << trial.what << '\n';
  }
}

bool run(const Trial& trial, const CommandLine& line) {
  auto run = line.run_of(trial);
  try {
    trial.run(run);
  } catch (const std::exception& error) {
    run.expect(false, error.what());
  }
  run.report();
  return !run.has_failed();
}

int run_all(const CommandLine& line) {
  // Trials disturb on purpose, and each disturbance would be logged.
  set_logger(std::make_shared<spdlog::logger>("reliability"));
  if (line.server) setenv("FLOWDB_TEST_POSTGRES", line.server->c_str(), 1);
  bool is_good = true;
  for (const auto& trial : all_trials()) {
    if (line.wants(trial)) is_good = run(trial, line) && is_good;
  }
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace flowdb::reliability

int main(int count, char** arguments) {
  using namespace flowdb::reliability;
  try {
    if (is_migration_runner()) return run_migrations();
    const auto line = parse_command_line({arguments + 1, arguments + count});
    if (line.list) {
      list_trials();
      return EXIT_SUCCESS;
    }
    return run_all(line);
  } catch (const std::invalid_argument& error) {
    std::cerr << "flowdb_reliability: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "flowdb_reliability: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
