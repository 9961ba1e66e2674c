// A server that is gone for a while.
#include "integration/outage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <flowdb/error.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/tds_server/tds_target.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;

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
  EXPECT_LT(time_of_a_refused_call(db), 1ms);
  EXPECT_EQ(log.with("no connection can be had: calls").size(), 1U);

  Crowd crowd{db};
  server.emplace(options);
  const Stopwatch stopwatch;
  EXPECT_TRUE(wait_until([&] { return is_fully_served(db); }, 2s));
  EXPECT_LE(stopwatch.elapsed(), 2s + grace);
  crowd.stop();
  EXPECT_LE(crowd.most_openings(), 3U);
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
