// flowdb_migration_trial PROCESSES [ROUNDS [SEED]]
//
// See trial.hpp. The program is also the runner: with FLOWDB_TRIAL_URL in the environment it
// migrates the database that it names, and ends.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <random>
#include <string>

#include "runner.hpp"
#include "trial.hpp"

int main(int count, char** arguments) {
  using namespace flowdb::reliability;
  try {
    if (is_runner()) return run_migrations();
    TrialPlan plan;
    if (count > 1) plan.processes = std::stoi(arguments[1]);
    if (count > 2) plan.rounds = std::stoi(arguments[2]);
    plan.seed = count > 3 ? std::stoull(arguments[3]) : std::random_device{}();
    return Trial{plan}.run() ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
