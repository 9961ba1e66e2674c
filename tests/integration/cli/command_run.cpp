#include "integration/cli/command_run.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/socket.hpp"

namespace flowdb::test_support {

namespace {

constexpr std::chrono::seconds kPatience{60};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Both ends of what the command writes to: `first` is this process's.
struct Ends {
  Socket mine;
  Socket its;
};

Ends make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
  return {Socket{ends[0]}, Socket{ends[1]}};
}

Ends make_terminal() {
  Socket master{posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  if (master.get() < 0 || grantpt(master.get()) != 0 || unlockpt(master.get()) != 0) {
    fail("posix_openpt");
  }
  Socket slave{open(ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
  if (slave.get() < 0) fail("ptsname");
  return {std::move(master), std::move(slave)};
}

Ends make_output(CommandOutput output) {
  if (output == CommandOutput::pipe) return make_pipe();
  if (output == CommandOutput::terminal) return make_terminal();
  auto ends = make_pipe();
  ends.its = Socket{open("/dev/full", O_WRONLY | O_CLOEXEC)};
  return ends;
}

/// Reads what there is; false at the end. A terminal whose other side is closed says EIO.
bool read_some(const Socket& end, std::string& text) {
  std::array<char, 4096> bytes{};
  const auto count = read(end.get(), bytes.data(), bytes.size());
  if (count <= 0) return false;
  text.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

void read_all(const Socket& out, const Socket& error, CommandResult& result) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  bool out_open = true;
  bool error_open = true;
  while (out_open || error_open) {
    std::array<pollfd, 2> waiting{
        {{out_open ? out.get() : -1, POLLIN, 0}, {error_open ? error.get() : -1, POLLIN, 0}}};
    if (std::chrono::steady_clock::now() > deadline || poll(waiting.data(), 2, 1000) < 0) {
      throw std::runtime_error("the command does not end; it wrote: " + result.error);
    }
    if (waiting[0].revents != 0) out_open = read_some(out, result.out);
    if (waiting[1].revents != 0) error_open = read_some(error, result.error);
  }
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

using Variables = std::map<std::string, std::string>;

CommandResult run_program(const char* program, std::vector<std::string> words,
                          const Variables& variables, CommandOutput output) {
  std::vector<std::string> environment{
      "PATH=" + std::filesystem::path{FLOWDB_COMMAND}.parent_path().string() + ":/usr/bin:/bin",
      "TERM=xterm"};
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  auto argv = pointers_to(words);
  auto envp = pointers_to(environment);
  auto out = make_output(output);
  auto error = make_pipe();

  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    dup2(out.its.get(), STDOUT_FILENO);
    dup2(error.its.get(), STDERR_FILENO);
    execve(program, argv.data(), envp.data());
    _exit(127);
  }
  out.its.close();
  error.its.close();
  CommandResult result;
  try {
    read_all(out.mine, error.mine, result);
  } catch (...) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    throw;
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) fail("waitpid");
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& arguments, const Variables& variables,
                          CommandOutput output) {
  std::vector<std::string> words{"flowdb"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_program(FLOWDB_COMMAND, std::move(words), variables, output);
}

CommandProject::CommandProject(const std::string& url) {
  std::filesystem::create_directories(migrations());
  std::filesystem::create_directories(root_.path() / "core" / "envs");
  if (!url.empty()) configure(url);
}

void CommandProject::configure(const std::string& url, const std::string& lines) const {
  std::ofstream file{root_.path() / "core" / "envs" / ".env.development"};
  file << "DEVELOPMENT_GLOBAL_RPA_DB_CONNECTION_STRING='" << url << "'\n"
       << "DEVELOPMENT_GLOBAL_RPA_DB_TIMEOUT=10\n"
       << lines;
}

void CommandProject::write(const std::string& script, std::string_view contents) const {
  std::ofstream file{migrations() / script, std::ios::binary};
  file << contents;
}

CommandResult CommandProject::run(std::vector<std::string> arguments, CommandOutput output) const {
  return run_command(arguments, {{"FLOWDB_PROJECT_ROOT", root_.path().string()}}, output);
}

CommandResult CommandProject::run_in_shell(const std::string& line) const {
  const Variables variables{{"FLOWDB_PROJECT_ROOT", root_.path().string()}};
  return run_program("/bin/bash", {"bash", "-c", "cd '" + root_.path().string() + "'\n" + line},
                     variables, CommandOutput::pipe);
}

}  // namespace flowdb::test_support
