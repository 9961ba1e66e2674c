#pragma once

#include <string>

#include <sys/types.h>

namespace flowdb::test {

/// A flow in a process of its own that works until SIGTERM and then lets its calls finish: two
/// threads, each of which inserts into the table `done` after a statement of some seconds.
class ShutdownProcess {
 public:
  /// `seconds`: of the statements. `patience`: for how many milliseconds it waits for its calls at
  /// the end.
  ShutdownProcess(const std::string& url, int seconds, int patience);
  /// Kills it.
  ~ShutdownProcess();
  ShutdownProcess(const ShutdownProcess&) = delete;
  ShutdownProcess& operator=(const ShutdownProcess&) = delete;

  void signal(int number) const;
  /// Its exit status: how many calls had not finished; 128 more than the signal that ended it.
  int wait();

 private:
  pid_t id_ = -1;
};

}  // namespace flowdb::test
