#include "integration/shutdown_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/database_manager.hpp>
#include <flowdb/shutdown_signal.hpp>

#include "integration/manager_for.hpp"

namespace flowdb::test {
namespace {

constexpr const char* kUrlVariable = "FLOWDB_TEST_SHUTDOWN_URL";
constexpr const char* kSecondsVariable = "FLOWDB_TEST_SHUTDOWN_SECONDS";
constexpr const char* kPatienceVariable = "FLOWDB_TEST_SHUTDOWN_PATIENCE";

void insert_after(DatabaseManager& db, int seconds) {
  try {
    db.transaction([seconds](Transaction& tx) {
      tx.execute_query("SELECT pg_sleep(:seconds)", {{"seconds", seconds}});
      tx.execute_query("INSERT INTO done VALUES (1)");
    });
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
}

/// How many calls had not finished. The manager is never destroyed, as threads may still be at work
/// with it when the process ends.
std::size_t work_until_shutdown(const char* url, int seconds, int patience) {
  using namespace std::chrono_literals;
  const ShutdownSignal shutdown;
  auto& db = *new DatabaseManager{manager_for(url)};
  for (int worker = 0; worker < 2; ++worker) {
    std::thread{[&db, seconds] { insert_after(db, seconds); }}.detach();
  }
  while (!shutdown.wait_for(1h)) {
  }
  return db.dispose(std::chrono::milliseconds{patience});
}

[[noreturn]] void work(const char* url, int seconds, int patience) {
  try {
    _exit(static_cast<int>(work_until_shutdown(url, seconds, patience)));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    _exit(99);
  }
}

/// Makes this program the flow when the variables say so: set up before any test.
class FlowUntilShutdown : public testing::Environment {
 public:
  void SetUp() override {
    const char* url = std::getenv(kUrlVariable);
    const char* seconds = std::getenv(kSecondsVariable);
    const char* patience = std::getenv(kPatienceVariable);
    if (url != nullptr && seconds != nullptr && patience != nullptr) {
      work(url, std::atoi(seconds), std::atoi(patience));
    }
  }
};

[[maybe_unused]] testing::Environment* const flow_until_shutdown =
    testing::AddGlobalTestEnvironment(new FlowUntilShutdown);

}  // namespace

ShutdownProcess::ShutdownProcess(const std::string& url, int seconds, int patience) {
  auto url_setting = std::string{kUrlVariable} + "=" + url;
  auto seconds_setting = std::string{kSecondsVariable} + "=" + std::to_string(seconds);
  auto patience_setting = std::string{kPatienceVariable} + "=" + std::to_string(patience);
  std::vector<char*> environment{url_setting.data(), seconds_setting.data(),
                                 patience_setting.data()};
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(nullptr);
  std::string program = "/proc/self/exe";
  std::array<char*, 2> arguments{program.data(), nullptr};
  const int error =
      posix_spawn(&id_, program.c_str(), nullptr, nullptr, arguments.data(), environment.data());
  if (error != 0) throw std::system_error{error, std::generic_category(), "posix_spawn"};
}

ShutdownProcess::~ShutdownProcess() {
  if (id_ < 0) return;
  signal(SIGKILL);
  wait();
}

void ShutdownProcess::signal(int number) const {
  kill(id_, number);
}

int ShutdownProcess::wait() {
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace flowdb::test
