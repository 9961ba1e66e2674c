#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace flows::rpa3 {

/// Further processes of this program, which wait behind a gate until they may begin. Start them
/// before the first thread and the first connection: neither survives a fork in good shape.
class WorkerProcesses {
 public:
  /// Starts `count` processes of this program with the arguments given; each has its side of the
  /// gate, a socket, as standard input.
  /// \throws std::system_error when one cannot be started; those already started then end.
  WorkerProcesses(int count, const std::vector<std::string>& arguments);
  WorkerProcesses(const WorkerProcesses&) = delete;
  WorkerProcesses& operator=(const WorkerProcesses&) = delete;
  /// Sends those home that still wait at the gate, asks the others to end, and waits for all.
  ~WorkerProcesses();

  /// Waits until each one stands at the gate, or has ended, and lets them all begin.
  void open_gate();
  /// Asks all of them to end (SIGTERM) when they have done what there is to do.
  void request_end() noexcept;
  /// Waits until all have ended; one line for each that did not end well.
  std::vector<std::string> wait();

  /// In a worker: waits at the gate. False when it will never open, for the starter has ended.
  static bool pass_gate();

 private:
  struct Worker {
    pid_t process;
    int gate;
  };
  void start(const std::vector<std::string>& arguments);
  void close_gates() noexcept;

  std::vector<Worker> workers_;
};

}  // namespace flows::rpa3
