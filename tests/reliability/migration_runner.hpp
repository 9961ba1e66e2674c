#pragma once

#include <chrono>
#include <string>

#include <sys/types.h>

namespace flowdb::reliability {

/// This process is one that migrates: FLOWDB_TRIAL_URL in its environment names the database.
bool is_migration_runner();
/// Does so, and gives its exit status: 0, or 3 when the server ended its session, which is to be
/// tried again, or 1 for anything else (and says what).
int run_migrations();

constexpr int kSessionEnded = 3;

/// A process that migrates: this program anew.
class MigrationRunner {
 public:
  MigrationRunner(const std::string& url, const std::string& directory);
  MigrationRunner(MigrationRunner&& other) noexcept;
  MigrationRunner& operator=(MigrationRunner&& other) noexcept;
  ~MigrationRunner();  ///< kills it

  pid_t id() const noexcept { return id_; }
  void kill();
  /// As a shell counts, 128 + a signal's number; -1 when it has not ended.
  int poll();
  std::chrono::steady_clock::time_point started() const noexcept { return started_; }

 private:
  pid_t id_ = -1;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace flowdb::reliability
