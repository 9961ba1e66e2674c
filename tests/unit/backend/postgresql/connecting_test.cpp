#include "backend/postgresql/connecting.hpp"

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flowdb::backend::postgresql {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A server behind a network that loses every packet, until it is healed: its queue of connections
/// is full, so that the system drops who wants to join it. Healed, it refuses everybody.
class LostServer {
 public:
  LostServer() : listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address_), size), 0);
    EXPECT_EQ(listen(listener_, 0), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address_), &size), 0);
    for (int i = 0; i < 3; ++i) {
      fillers_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      static_cast<void>(
          connect(fillers_.back(), reinterpret_cast<const sockaddr*>(&address_), size));
    }
  }
  LostServer(const LostServer&) = delete;
  LostServer& operator=(const LostServer&) = delete;
  ~LostServer() {
    is_ending_ = true;
    if (thread_.joinable()) thread_.join();
    for (const int filler : fillers_) close(filler);
    close(listener_);
  }

  int port() const { return ntohs(address_.sin_port); }
  void heal() {
    thread_ = std::thread{[this] { refuse_everybody(); }};
  }

 private:
  void refuse_everybody() {
    std::vector<int> clients;
    while (!is_ending_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (poll(&waiting, 1, 10) <= 0) continue;
      clients.push_back(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
      const std::string fields{"SFATAL\0VFATAL\0C57P03\0Mit is starting\0\0", 38};
      std::string message = "E";
      const std::uint32_t size = htonl(static_cast<std::uint32_t>(fields.size() + 4));
      message.append(reinterpret_cast<const char*>(&size), sizeof size).append(fields);
      static_cast<void>(send(clients.back(), message.data(), message.size(), MSG_NOSIGNAL));
    }
    for (const int client : clients) close(client);
  }

  int listener_;
  sockaddr_in address_{};
  std::vector<int> fillers_;
  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

TEST(ConnectingTiming, FindsAServerThatIsBack_ThoughItsFirstPacketsWereLost) {
  LostServer server;
  const auto target =
      config::parse_postgresql("rpa_db",
                               Secret{"host=127.0.0.1 sslmode=disable user=u dbname=d port=" +
                                      std::to_string(server.port())},
                               true);
  Clock::time_point ended;
  Attempt attempt;
  std::thread client{[&] {
    attempt = connect(target, Deadline::after(20s));
    ended = Clock::now();
  }};
  // The system alone would try after 1, 3, 7 and 15 s.
  std::this_thread::sleep_for(3500ms);
  const auto healed = Clock::now();
  server.heal();
  client.join();
  EXPECT_FALSE(attempt.timed_out);
  EXPECT_NE(std::strstr(PQerrorMessage(attempt.connection.get()), "it is starting"), nullptr)
      << PQerrorMessage(attempt.connection.get());
  EXPECT_LE(ended - healed, 2s);
}

TEST(ConnectingTiming, EndsByItsDeadline_WhenNobodyAnswers) {
  LostServer server;
  for (const std::string limit : {"", " connect_timeout=2"}) {
    const auto target =
        config::parse_postgresql("rpa_db",
                                 Secret{"host=127.0.0.1 sslmode=disable user=u dbname=d port=" +
                                        std::to_string(server.port()) + limit},
                                 true);
    const auto start = Clock::now();
    EXPECT_TRUE(connect(target, Deadline::after(2500ms)).timed_out);
    const auto elapsed = Clock::now() - start;
    EXPECT_GE(elapsed, limit.empty() ? 2500ms : 2000ms);
    EXPECT_LE(elapsed, 2750ms);
  }
}

}  // namespace
}  // namespace flowdb::backend::postgresql
