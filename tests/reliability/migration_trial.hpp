#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "reliability/migration_runner.hpp"
#include "reliability/trial_run.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temporary_directory.hpp"

namespace flowdb::reliability {

/// In each round the processes start together on an empty database, and a disturber kills runners
/// (SIGKILL) and ends sessions (pg_terminate_backend) at moments and of kinds that the seed
/// decides; a runner that came to its end that way is replaced by a new one, as a supervisor would.
/// When all have succeeded: every probe is there exactly once, the history is complete, no lock is
/// left, and no runner took longer than allowed.
class MigrationTrial {
 public:
  explicit MigrationTrial(TrialRun& trial);
  ~MigrationTrial();
  MigrationTrial(const MigrationTrial&) = delete;
  MigrationTrial& operator=(const MigrationTrial&) = delete;

  /// Ends after the first round in which something is wrong.
  void run();

 private:
  struct Disturbance {
    std::chrono::milliseconds at{0};  ///< after the round's start
    bool is_kill = true;              ///< of a process; otherwise the end of a session
    std::size_t victim = 0;           ///< of those that are there then, by remainder
  };

  void write_migrations() const;
  std::vector<Disturbance> disturbances_of(int round) const;
  bool run_round(int round);
  /// Starts them all, disturbs, replaces, and waits. False: something failed or took too long.
  bool migrate(int round);
  void disturb(const Disturbance& disturbance);
  bool check();
  bool expect(const std::string& sql, const std::string& wanted, const std::string& what);
  void create_database(int round);

  TrialRun& trial_;
  std::size_t processes_;
  test_support::TemporaryDirectory directory_{"trial"};
  test_support::PostgresCluster cluster_;
  test_support::Observer administrator_;
  std::string database_;
  std::string url_;
  std::unique_ptr<test_support::Observer> observer_;
  std::vector<MigrationRunner> runners_;
  int kills_ = 0;
  int ends_ = 0;
  int replaced_ = 0;
  std::chrono::milliseconds longest_{0};
};

void run_migration_trial(TrialRun& trial);

}  // namespace flowdb::reliability
