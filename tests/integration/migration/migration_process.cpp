#include "integration/migration/migration_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "integration/migration/migration_fixture.hpp"

namespace flowdb::test_support {
namespace {

constexpr const char* kUrlVariable = "FLOWDB_TEST_MIGRATE_URL";
constexpr const char* kDirectoryVariable = "FLOWDB_TEST_MIGRATE_DIRECTORY";

int migrate(const char* url, const char* directory) {
  try {
    auto manager = make_manager(url, directory);
    char byte = 0;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    manager.run_migrations();
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "process " << getpid() << ": " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

/// Makes this program the migrating process when the variables say so: set up before any test.
class MigratingProcess : public testing::Environment {
 public:
  void SetUp() override {
    const char* url = std::getenv(kUrlVariable);
    const char* directory = std::getenv(kDirectoryVariable);
    if (url != nullptr && directory != nullptr) std::exit(migrate(url, directory));
  }
};

[[maybe_unused]] testing::Environment* const kMigratingProcess =
    testing::AddGlobalTestEnvironment(new MigratingProcess);

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error{error, std::generic_category(), what};
}

}  // namespace

StartLine::StartLine() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(errno, "pipe2");
  waiting_end_ = ends[0];
  released_end_ = ends[1];
}

StartLine::~StartLine() {
  release();
  close(waiting_end_);
}

void StartLine::release() {
  if (released_end_ >= 0) close(released_end_);
  released_end_ = -1;
}

MigrationProcess::MigrationProcess(const std::string& url, const std::filesystem::path& migrations,
                                   const StartLine& start) {
  auto url_setting = std::string{kUrlVariable} + "=" + url;
  auto directory_setting = std::string{kDirectoryVariable} + "=" + migrations.string();
  std::vector<char*> environment{url_setting.data(), directory_setting.data()};
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(nullptr);
  std::string program = "/proc/self/exe";
  std::array<char*, 2> arguments{program.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, start.waiting_end(), STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const int error =
      posix_spawn(&id_, program.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(error, "posix_spawn");
}

MigrationProcess::~MigrationProcess() {
  if (id_ < 0) return;
  kill();
  while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

int MigrationProcess::wait() {
  int status = 0;
  while (waitpid(id_, &status, 0) < 0) {
    if (errno != EINTR) fail(errno, "waitpid");
  }
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void MigrationProcess::kill() {
  ::kill(id_, SIGKILL);
}

}  // namespace flowdb::test_support
