#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace flowdb::test_support {

/// Where processes wait until all of them may go on.
class StartLine {
 public:
  StartLine();
  ~StartLine();
  StartLine(const StartLine&) = delete;
  StartLine& operator=(const StartLine&) = delete;

  void release();
  int waiting_end() const { return waiting_end_; }

 private:
  int waiting_end_ = -1;
  int released_end_ = -1;
};

/// A process that calls run_migrations() once the start line is released: this test program,
/// executed anew. Killed by the destructor if it still runs.
class MigrationProcess {
 public:
  MigrationProcess(const std::string& url, const std::filesystem::path& migrations,
                   const StartLine& start);
  ~MigrationProcess();
  MigrationProcess(const MigrationProcess&) = delete;
  MigrationProcess& operator=(const MigrationProcess&) = delete;

  /// What a shell would call its exit status: 0 when the migrations ran; 128 + a signal's number.
  int wait();
  void kill();

 private:
  pid_t id_ = -1;
};

}  // namespace flowdb::test_support
