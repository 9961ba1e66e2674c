#include "reliability/migration_runner.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include <spawn.h>
#include <spdlog/logger.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/flowdb.hpp>
#include <flowdb/logging.hpp>

namespace flowdb::reliability {

namespace {

constexpr const char* kUrlVariable = "FLOWDB_TRIAL_URL";
constexpr const char* kDirectoryVariable = "FLOWDB_TRIAL_DIRECTORY";

}  // namespace

bool is_migration_runner() {
  return std::getenv(kUrlVariable) != nullptr;
}

int run_migrations() {
  // Dozens of processes wait for one another, and each would say so.
  set_logger(std::make_shared<spdlog::logger>("trial"));
  try {
    DatabaseOptions options;
    options.type = DatabaseType::postgresql;
    options.connection_string = std::getenv(kUrlVariable);
    options.migrations_directory = std::getenv(kDirectoryVariable);
    DatabaseManager{"rpa_db", ConfigManager{}, options}.run_migrations();
    return EXIT_SUCCESS;
  } catch (const ConnectionError&) {
    return kSessionEnded;
  } catch (const CommitUnknownError&) {
    return kSessionEnded;
  } catch (const Error& error) {
    if (error.sqlstate() == "57P01") return kSessionEnded;
    std::cerr << "process " << getpid() << ": " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

MigrationRunner::MigrationRunner(const std::string& url, const std::string& directory)
    : started_(std::chrono::steady_clock::now()) {
  auto url_setting = std::string{kUrlVariable} + "=" + url;
  auto directory_setting = std::string{kDirectoryVariable} + "=" + directory;
  std::vector<char*> environment{url_setting.data(), directory_setting.data()};
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(nullptr);
  std::string program = "/proc/self/exe";
  std::array<char*, 2> arguments{program.data(), nullptr};
  if (posix_spawn(&id_, program.c_str(), nullptr, nullptr, arguments.data(), environment.data()) !=
      0) {
    throw std::runtime_error("posix_spawn failed");
  }
}

MigrationRunner::MigrationRunner(MigrationRunner&& other) noexcept
    : id_(std::exchange(other.id_, -1)), started_(other.started_) {}

MigrationRunner& MigrationRunner::operator=(MigrationRunner&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(started_, other.started_);
  return *this;
}

MigrationRunner::~MigrationRunner() {
  if (id_ < 0) return;
  kill();
  while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void MigrationRunner::kill() {
  ::kill(id_, SIGKILL);
}

int MigrationRunner::poll() {
  int status = 0;
  if (waitpid(id_, &status, WNOHANG) != id_) return -1;
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace flowdb::reliability
