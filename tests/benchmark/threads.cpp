// Eight threads that each ask for one row after the other, and 64 that share fifteen connections:
// what the pool costs those who meet in it.

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "order.hpp"
#include "pool/pool.hpp"
#include "testing/mock_backend.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kThreads = 8;
constexpr std::size_t kQueries = 1'000;  // of each thread

template <class Work>
void on_threads(std::size_t count, const Work& work) {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&work, i] { work(i); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
}

template <class Query>
CellSum query_on_threads(const Query& query) {
  std::array<CellSum, kThreads> sums;
  on_threads(kThreads, [&](std::size_t thread) {
    for (std::size_t i = 0; i < kQueries; ++i) {
      query(thread, static_cast<std::int32_t>(1 + thread * kQueries + i), sums[thread]);
    }
  });
  CellSum all;
  for (const auto& sum : sums) {
    all.whole += sum.whole;
    all.real += sum.real;
  }
  return all;
}

constexpr std::size_t kCallers = 64;
constexpr std::size_t kConnections = 15;
constexpr std::size_t kTurns = 500;  // of each caller
constexpr std::chrono::microseconds kHold{20};

/// How long each of the callers waited for a connection, each time, in nanoseconds, in order.
std::vector<double> waits(pool::Pool& pool) {
  std::vector<double> all;
  std::mutex mutex;
  const auto deadline = Deadline::after(std::chrono::minutes{1});
  on_threads(kCallers, [&](std::size_t) {
    std::vector<double> own;
    for (std::size_t i = 0; i < kTurns; ++i) {
      const auto asked = Clock::now();
      const auto lease = pool.acquire({.deadline = deadline});
      own.push_back(std::chrono::duration<double, std::nano>(Clock::now() - asked).count());
      std::this_thread::sleep_for(kHold);  // as a server would keep it
    }
    const std::lock_guard lock{mutex};
    all.insert(all.end(), own.begin(), own.end());
  });
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

Workload threads(Context context) {
  struct Raw {
    explicit Raw(const std::string& url) {
      for (auto& connection : connections) {
        connection = connect(url);
        checked(PQprepare(connection.get(), "by_key", kOrderByNumber, 1, &kKeyType));
      }
    }
    std::array<Connection, kThreads> connections;
  };
  const auto raw = std::make_shared<Raw>(context.url);
  const auto with_libpq = [=] {
    return query_on_threads([&](std::size_t thread, std::int32_t key, CellSum& sum) {
      const auto text = std::to_string(key);
      const char* const value = text.c_str();
      const auto result = checked(
          PQexecPrepared(raw->connections[thread].get(), "by_key", 1, &value, nullptr, nullptr, 0));
      add_order(sum, result.get(), 0);
    });
  };
  const auto with_flowdb = [=] {
    return query_on_threads([&](std::size_t, std::int32_t key, CellSum& sum) {
      const auto rows = context.db.execute_query(kOrderByName, {{"id", key}});
      add_order(sum, rows.one());
    });
  };
  return {.name = "eight threads of one row by key",
          .unit = "us a query of all threads",
          .nanoseconds = 1e3,
          .operations = kThreads * kQueries,
          .rounds = 15,
          .sides = {{"libpq PQexecPrepared", with_libpq}, {"flowdb execute_query", with_flowdb}}};
}

Workload fairness() {
  config::Settings settings;
  settings.pool.pool_size = kConnections;
  settings.pool.max_overflow = 0;
  auto backend =
      std::make_unique<testing::MockBackend>(std::make_shared<testing::MockState>(), settings);
  const auto pool = std::make_shared<pool::Pool>("benchmark", settings.pool, std::move(backend));
  const auto last = std::make_shared<std::vector<double>>();
  const auto median = [=] {
    *last = waits(*pool);
    return (*last)[last->size() / 2];
  };
  return {.name = "64 threads on 15 connections, each held for 20 us",
          .unit = "us waited",
          .nanoseconds = 1e3,
          .rounds = 9,
          .sides = {{.name = "flowdb pool, the median", .figure = median},
                    {.name = "flowdb pool, the longest", .figure = [=] { return last->back(); }}}};
}

}  // namespace flowdb::benchmark
