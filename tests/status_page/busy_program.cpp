// A program under load with a StatusServer, for the test of its page. Prints the page's address;
// then each line that it reads is a command: "hold N" lends N connections in open transactions,
// "slow" runs a slow statement and a failing one, "end" ends it.
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <flowdb/flowdb.hpp>
#include <flowdb/status_server.hpp>

#include "support/test_server.hpp"

namespace {

using namespace std::chrono_literals;

/// Threads that each hold a connection until they are let go.
class Holders {
 public:
  explicit Holders(flowdb::DatabaseManager& db) : db_(db) {}
  Holders(const Holders&) = delete;
  Holders& operator=(const Holders&) = delete;
  ~Holders() { hold(0); }

  void hold(std::size_t count) {
    {
      const std::lock_guard lock{mutex_};
      are_released_ = true;
    }
    released_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    are_released_ = false;
    for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this] { hold_one(); });
  }

 private:
  void hold_one() {
    try {
      db_.transaction([&](flowdb::Transaction& tx) {
        tx.execute_query("SELECT 1");
        std::unique_lock lock{mutex_};
        released_.wait(lock, [&] { return are_released_; });
      });
    } catch (const flowdb::PoolTimeoutError&) {
      // One of those who were to wait.
    }
  }

  flowdb::DatabaseManager& db_;
  std::mutex mutex_;
  std::condition_variable released_;
  bool are_released_ = false;
  std::vector<std::thread> threads_;
};

void run_slow_statements(flowdb::DatabaseManager& db) {
  db.execute_query("SELECT pg_sleep(0.05), 'a value' AS note FROM generate_series(1, 3)");
  try {
    db.execute_query_with_timeout("SELECT pg_sleep(60) WHERE 'another value' <> ''", {}, 100ms);
  } catch (const flowdb::TimeoutError&) {
    // As it was to be.
  }
}

flowdb::DatabaseManager manager_of(const std::string& name, const std::string& url) {
  flowdb::DatabaseOptions options{.connection_string = url, .pool_size = 4, .max_overflow = 4};
  options.slow_statement = 20ms;
  const flowdb::ConfigManager config{{.environment = "test", .project_root = FLOWDB_SOURCE_DIR}};
  return flowdb::DatabaseManager{name, config, options};
}

}  // namespace

int main() {
  const flowdb::test_support::TestDatabase database;
  auto db = manager_of("rpa_db", database.url());
  auto lost = manager_of("archive", "postgresql://anyone@127.0.0.1:1/archive?sslmode=disable");
  Holders holders{db};
  const flowdb::StatusServer server{{&db, &lost}, {.title = "rpa3 <worker>"}};
  std::cout << server.url() << std::endl;
  for (std::string word; std::cin >> word && word != "end";) {
    if (word == "hold") {
      std::size_t count = 0;
      std::cin >> count;
      holders.hold(count);
    } else if (word == "slow") {
      run_slow_statements(db);
    }
    std::cout << "done" << std::endl;
  }
}
