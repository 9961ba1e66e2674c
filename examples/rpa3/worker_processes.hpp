#pragma once

#include <array>
#include <string>
#include <vector>

#include <sys/types.h>

namespace flows::rpa3 {

/// Further processes of this program, which wait behind a gate until they may begin. Start them
/// before the first thread and the first connection: neither survives a fork in good shape.
class WorkerProcesses {
 public:
  /// Starts `count` processes of this program with the arguments given; their standard input is the
  /// gate.
  /// \throws std::system_error when one cannot be started; those already started then end.
  WorkerProcesses(int count, const std::vector<std::string>& arguments);
  WorkerProcesses(const WorkerProcesses&) = delete;
  WorkerProcesses& operator=(const WorkerProcesses&) = delete;
  /// Closes the gate for those that still wait, which lets them end, and waits for all.
  ~WorkerProcesses();

  void open_gate();
  /// Waits until all have ended; the number of those that did not end well.
  int wait();

  /// In a worker: waits for the gate. False when it will never open, since the starter has ended.
  static bool pass_gate();

 private:
  void start(const std::vector<std::string>& arguments);
  void close_gate() noexcept;

  std::vector<pid_t> processes_;
  std::array<int, 2> gate_{-1, -1};  // a pipe: the end to read from, the end to write to
};

}  // namespace flows::rpa3
