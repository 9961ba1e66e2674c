#include "support/postgres_cluster.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/observer.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test_support {
namespace {

[[noreturn]] void throw_system_error(int code, const std::string& what) {
  throw std::system_error(code, std::generic_category(), what);
}

/// A new folder: in that of the test run, which is swept at its end, if there is one.
std::string make_directory() {
  std::ifstream file{FLOWDB_TEST_STATE_DIR "/root"};
  std::string pattern;
  if (!std::getline(file, pattern)) pattern = "/tmp";
  pattern += "/flowdb-cluster-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw_system_error(errno, "mkdtemp " + pattern);
  return pattern;
}

std::string read_to_end(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = read(descriptor, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

std::vector<std::string> environment_with_settings(const std::string& settings) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  if (!settings.empty()) variables.push_back("FLOWDB_CLUSTER_SETTINGS=" + settings);
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

pid_t spawn(std::vector<std::string> arguments, std::vector<std::string> environment, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t child = 0;
  const int code = posix_spawn(&child, arguments.front().c_str(), &actions, nullptr,
                               pointers_to(arguments).data(), pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) throw_system_error(code, arguments.front());
  return child;
}

/// Runs the cluster script and returns what it prints.
std::string run_script(std::vector<std::string> arguments, const std::string& settings = {}) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_system_error(errno, "pipe2");
  const std::string command = arguments.front();
  arguments.insert(arguments.begin(), FLOWDB_TEST_CLUSTER_SCRIPT);
  const pid_t child = spawn(std::move(arguments), environment_with_settings(settings), ends[1]);
  close(ends[1]);
  const std::string output = read_to_end(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("postgres_cluster.sh " + command + " failed");
  }
  return output;
}

std::string url_of(const std::string& directory) {
  auto url = run_script({"conninfo", directory});
  url.erase(url.find_last_not_of('\n') + 1);
  return url;
}

void remove_cluster(const std::string& directory) noexcept {
  try {
    run_script({"stop", directory});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
}

/// Until the standby streams from the primary at `url`.
void start_replication(const std::string& url, Replication replication) {
  Observer observer{url};
  if (replication == Replication::synchronous) {
    observer.exec("ALTER SYSTEM SET synchronous_standby_names = '*'");
    observer.exec("SELECT pg_reload_conf()");
  }
  const std::string wanted = replication == Replication::synchronous ? "sync" : "async";
  const auto is_streaming = [&] {
    return observer.scalar(
               "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'standby'"
               " AND state = 'streaming' AND sync_state IN ('sync', '" +
               wanted + "')") != "0";
  };
  if (!wait_until(is_streaming, std::chrono::seconds{30})) {
    throw std::runtime_error("the standby does not stream from its primary");
  }
}

}  // namespace

PostgresCluster::PostgresCluster(const std::string& settings) : directory_{make_directory()} {
  run_script({"start", directory_}, settings);
  url_ = url_of(directory_);
}

PostgresCluster::PostgresCluster(const PostgresCluster& primary, Replication replication)
    : directory_{make_directory()} {
  run_script({"standby", directory_, primary.directory_});
  url_ = url_of(directory_);
  try {
    start_replication(primary.url(), replication);
  } catch (...) {
    remove_cluster(directory_);
    throw;
  }
}

PostgresCluster::~PostgresCluster() {
  remove_cluster(directory_);
}

std::string PostgresCluster::log() const {
  std::ifstream file{directory_ + "/server.log"};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

void PostgresCluster::stop() {
  run_script({"halt", directory_});
}

void PostgresCluster::kill() {
  run_script({"kill", directory_});
}

void PostgresCluster::restart() {
  run_script({"restart", directory_});
}

void PostgresCluster::follow(const PostgresCluster& primary, Replication replication) {
  run_script({"follow", directory_, primary.directory_});
  start_replication(primary.url(), replication);
}

void PostgresCluster::promote() {
  run_script({"promote", directory_});
}

}  // namespace flowdb::test_support
