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
constexpr const char* kPatienceVariable = "FLOWDB_TEST_SHUTDOWN_PATIENCE";

[[noreturn]] void work(const char* url, int patience) {
  using namespace std::chrono_literals;
  int left = 99;
  try {
    const ShutdownSignal shutdown;
    auto db = manager_for(url);
    for (int worker = 0; worker < 2; ++worker) {
      std::thread{[&db] {
        try {
          db.transaction([](Transaction& tx) {
            tx.execute_query("SELECT pg_sleep(1)");
            tx.execute_query("INSERT INTO done VALUES (1)");
          });
        } catch (const std::exception& error) {
          std::cerr << error.what() << '\n';
        }
      }}.detach();
    }
    while (!shutdown.wait_for(1h)) {
    }
    left = static_cast<int>(db.dispose(std::chrono::milliseconds{patience}));
    _exit(left);  // as threads may still be at work with it
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  _exit(left);
}

/// Makes this program the flow when the variables say so: set up before any test.
class FlowUntilShutdown : public testing::Environment {
 public:
  void SetUp() override {
    const char* url = std::getenv(kUrlVariable);
    const char* patience = std::getenv(kPatienceVariable);
    if (url != nullptr && patience != nullptr) work(url, std::atoi(patience));
  }
};

[[maybe_unused]] testing::Environment* const flow_until_shutdown =
    testing::AddGlobalTestEnvironment(new FlowUntilShutdown);

}  // namespace

ShutdownProcess::ShutdownProcess(const std::string& url, int patience) {
  auto url_setting = std::string{kUrlVariable} + "=" + url;
  auto patience_setting = std::string{kPatienceVariable} + "=" + std::to_string(patience);
  std::vector<char*> environment{url_setting.data(), patience_setting.data()};
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
