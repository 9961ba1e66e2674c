#include "rpa3/worker_processes.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flows::rpa3 {
namespace {

void check(int error, const char* what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

/// posix_spawn's list of what to do with file descriptors.
class FileActions {
 public:
  FileActions() { check(::posix_spawn_file_actions_init(&actions_), "posix_spawn"); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void make_standard_input(int descriptor) {
    check(::posix_spawn_file_actions_adddup2(&actions_, descriptor, STDIN_FILENO), "posix_spawn");
  }
  const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

int spawn(const std::vector<std::string>& arguments, int standard_input, pid_t& process) {
  std::vector<std::string> texts{"rpa3"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  FileActions actions;
  actions.make_standard_input(standard_input);
  return ::posix_spawn(&process, "/proc/self/exe", actions.get(), nullptr, pointers.data(),
                       ::environ);
}

/// A nod over the gate; false when nobody is on the other side any more.
bool send_nod(int gate) noexcept {
  ssize_t count = 0;
  do {
    count = ::send(gate, "!", 1, MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  return count == 1;
}

bool receive_nod(int gate) noexcept {
  char nod = 0;
  ssize_t count = 0;
  do {
    count = ::recv(gate, &nod, 1, 0);
  } while (count < 0 && errno == EINTR);
  return count == 1;
}

/// Empty when the process ended well.
std::string end_of(pid_t process) {
  int status = 0;
  pid_t ended = 0;
  do {
    ended = ::waitpid(process, &status, 0);
  } while (ended < 0 && errno == EINTR);
  if (ended != process) {
    return "a worker process was lost";
  }
  if (WIFSIGNALED(status)) {
    return "a worker process was ended by signal " + std::to_string(WTERMSIG(status));
  }
  const int code = WEXITSTATUS(status);
  return code == 0 ? "" : "a worker process ended with code " + std::to_string(code);
}

}  // namespace

WorkerProcesses::WorkerProcesses(int count, const std::vector<std::string>& arguments) {
  try {
    for (int i = 0; i < count; ++i) {
      start(arguments);
    }
  } catch (...) {
    close_gates();
    wait();
    throw;
  }
}

WorkerProcesses::~WorkerProcesses() {
  close_gates();
  request_end();
  wait();
}

void WorkerProcesses::start(const std::vector<std::string>& arguments) {
  std::array<int, 2> gate{};
  const int result = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate.data());
  check(result == 0 ? 0 : errno, "socketpair");
  workers_.push_back({-1, gate[0]});
  const int error = spawn(arguments, gate[1], workers_.back().process);
  ::close(gate[1]);
  if (error != 0) {
    ::close(gate[0]);
    workers_.pop_back();
    check(error, "posix_spawn");
  }
}

void WorkerProcesses::open_gate() {
  for (const auto& worker : workers_) {
    receive_nod(worker.gate);
  }
  for (const auto& worker : workers_) {
    send_nod(worker.gate);  // one that has ended will be reported by wait()
  }
}

void WorkerProcesses::request_end() noexcept {
  for (const auto& worker : workers_) {
    ::kill(worker.process, SIGTERM);  // not yet waited for, so that the number is still its own
  }
}

std::vector<std::string> WorkerProcesses::wait() {
  std::vector<std::string> failures;
  for (const auto& worker : workers_) {
    if (auto failure = end_of(worker.process); !failure.empty()) {
      failures.push_back(std::move(failure));
    }
  }
  close_gates();
  workers_.clear();
  return failures;
}

bool WorkerProcesses::pass_gate() {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // from now on: end with the starter
  return send_nod(STDIN_FILENO) && receive_nod(STDIN_FILENO);
}

void WorkerProcesses::close_gates() noexcept {
  for (auto& worker : workers_) {
    if (worker.gate >= 0) {
      ::close(std::exchange(worker.gate, -1));
    }
  }
}

}  // namespace flows::rpa3
