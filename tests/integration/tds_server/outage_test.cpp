// A server that is gone for a while.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <flowdb/error.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/tds_server/tds_target.hpp"
#include "integration/thrown_by.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;
using Clock = std::chrono::steady_clock;

bool is_served(DatabaseManager& db) {
  try {
    return db.execute_query("SELECT 1 AS one").scalar<int>() == 1;
  } catch (const Error&) {
    return false;
  }
}

bool is_fully_served(DatabaseManager& db) {
  const auto count = db.get_pool_status().max_connections;
  std::atomic<std::size_t> answers{0};
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < count; ++caller) {
    callers.emplace_back([&] { answers += is_served(db) ? 1 : 0; });
  }
  for (auto& caller : callers) caller.join();
  return answers == count;
}

TEST(TdsOutageTiming, CostsACallLessThanAMillisecond_AndIsOverTwoSecondsAfterTheReturn) {
  LogCapture log;
  const test_support::TestDatabase database;
  tds_server::TdsServerOptions options{
      .postgres = database.url(), .user = "flow", .password = "correct-horse"};
  std::optional<tds_server::TdsServer> server{options};
  options.port = server->port();
  auto db =
      manager_for("sqlserver://flow:correct-horse@127.0.0.1:" + std::to_string(server->port()) +
                  '/' + database.name() + "?driver=FreeTDS&encrypt=no");
  ASSERT_TRUE(wait_until([&] { return is_fully_served(db); }));
  server.reset();
  ASSERT_TRUE(wait_until([&] {
    is_served(db);
    return db.get_pool_status().is_circuit_open;
  }));
  std::vector<Clock::duration> times;
  for (int call = 0; call < 500; ++call) {
    const auto start = Clock::now();
    thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1 AS one"); });
    times.push_back(Clock::now() - start);
  }
  std::nth_element(times.begin(), times.begin() + 450, times.end());
  EXPECT_LT(times[450], 1ms);
  EXPECT_EQ(log.with("no connection can be had: calls").size(), 1U);

  std::atomic<bool> is_done{false};
  std::atomic<std::size_t> most_at_once{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 16; ++caller) {
    callers.emplace_back([&] {
      while (!is_done) {
        if (!is_served(db)) std::this_thread::sleep_for(5ms);
        most_at_once = std::max(most_at_once.load(), db.get_pool_status().opening);
      }
    });
  }
  server.emplace(options);
  const Stopwatch stopwatch;
  EXPECT_TRUE(wait_until([&] { return is_fully_served(db); }, 2s));
  EXPECT_LE(stopwatch.elapsed(), 2s + grace);
  is_done = true;
  for (auto& caller : callers) caller.join();
  EXPECT_LE(most_at_once, 3U);
}

int option_of(int socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(getsockopt(socket, level, name, &value, &size), 0);
  return value;
}

/// A descriptor of this process that leads to a port of this machine; -1: there is none.
int descriptor_to(std::uint16_t port) {
  constexpr int kHighest = 4096;
  for (int descriptor = 0; descriptor < kHighest; ++descriptor) {
    sockaddr_in peer{};
    socklen_t size = sizeof(peer);
    void* const address = &peer;
    if (getpeername(descriptor, static_cast<sockaddr*>(address), &size) == 0 &&
        peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) {
      return descriptor;
    }
  }
  return -1;
}

TEST(TdsKeepalive, IsSetOnTheDriversSocket) {
  TdsTarget target;
  auto db = manager_for(target.url(), one_connection());
  db.execute_query("SELECT 1 AS one");
  const int socket = descriptor_to(target.server().port());
  ASSERT_GE(socket, 0);
  EXPECT_EQ(option_of(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE), 30);
  EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_KEEPINTVL), 10);
  EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_KEEPCNT), 3);
  EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 30'000);
}

}  // namespace
}  // namespace flowdb::test
