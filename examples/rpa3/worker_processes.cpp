#include "rpa3/worker_processes.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
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

  void read_standard_input_from(int descriptor) {
    check(::posix_spawn_file_actions_adddup2(&actions_, descriptor, STDIN_FILENO), "posix_spawn");
  }
  const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

bool ended_well(pid_t process) {
  int status = 0;
  pid_t result = 0;
  do {
    result = ::waitpid(process, &status, 0);
  } while (result < 0 && errno == EINTR);
  return result == process && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

WorkerProcesses::WorkerProcesses(int count, const std::vector<std::string>& arguments) {
  check(::pipe2(gate_.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  try {
    for (int i = 0; i < count; ++i) {
      start(arguments);
    }
  } catch (...) {
    close_gate();
    wait();
    throw;
  }
}

WorkerProcesses::~WorkerProcesses() {
  close_gate();
  wait();
}

void WorkerProcesses::start(const std::vector<std::string>& arguments) {
  constexpr const char* kThisProgram = "/proc/self/exe";
  std::vector<std::string> texts{"rpa3"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  FileActions actions;
  actions.read_standard_input_from(gate_[0]);
  pid_t process = 0;
  check(::posix_spawn(&process, kThisProgram, actions.get(), nullptr, pointers.data(), ::environ),
        "posix_spawn");
  processes_.push_back(process);
}

void WorkerProcesses::open_gate() {
  // One byte for each: a worker takes one, and then begins.
  const std::string tokens(processes_.size(), 'g');
  if (::write(gate_[1], tokens.data(), tokens.size()) != static_cast<ssize_t>(tokens.size())) {
    check(errno, "pipe");
  }
}

int WorkerProcesses::wait() {
  int failures = 0;
  for (const auto process : processes_) {
    failures += ended_well(process) ? 0 : 1;
  }
  processes_.clear();
  return failures;
}

bool WorkerProcesses::pass_gate() {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // from now on: end with the starter
  char token = 0;
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, &token, 1);
  } while (count < 0 && errno == EINTR);
  return count == 1;
}

void WorkerProcesses::close_gate() noexcept {
  for (auto& end : gate_) {
    if (end >= 0) {
      ::close(std::exchange(end, -1));
    }
  }
}

}  // namespace flows::rpa3
