#include "backend/sqlserver/watched_socket.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/sqlserver/socket_search.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using namespace std::chrono_literals;

/// A listener on 127.0.0.1 and connections to it.
class WatchedSocketTest : public testing::Test {
 protected:
  WatchedSocketTest() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    EXPECT_EQ(bind(listener_, as_address(), size), 0);
    EXPECT_EQ(listen(listener_, 4), 0);
    EXPECT_EQ(getsockname(listener_, as_address(), &size), 0);
  }
  ~WatchedSocketTest() override {
    for (const int descriptor : {listener_, client_, server_}) {
      if (descriptor >= 0) {
        close(descriptor);
      }
    }
  }

  void connect() {
    client_ = socket(AF_INET, SOCK_STREAM, 0);
    ASSERT_EQ(::connect(client_, as_address(), sizeof(address_)), 0);
    server_ = accept(listener_, nullptr, nullptr);
    ASSERT_GE(server_, 0);
  }
  int port() const { return ntohs(address_.sin_port); }
  sockaddr* as_address() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{};
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int client_ = -1;
  int server_ = -1;
};

TEST_F(WatchedSocketTest, ACallThatIsStuckInTheSocketEndsAtItsDeadline) {
  connect();
  const auto watched = WatchedSocket::watch(client_);
  const auto start = Deadline::Clock::now();
  watched->arm(SQL_NULL_HSTMT, Deadline::after(100ms));
  char byte = 0;
  EXPECT_EQ(recv(client_, &byte, 1, 0), 0) << "as a driver waits for an answer";
  const auto elapsed = Deadline::Clock::now() - start;
  EXPECT_GE(elapsed, 100ms);
  EXPECT_LT(elapsed, 200ms);
  EXPECT_TRUE(watched->disarm());
  EXPECT_TRUE(watched->was_cut_short());
  EXPECT_TRUE(watched->is_shut());
}

TEST_F(WatchedSocketTest, ACallThatReturnsInTimeIsLeftAlone) {
  connect();
  const auto watched = WatchedSocket::watch(client_);
  for (int i = 0; i < 20; ++i) {
    watched->arm(SQL_NULL_HSTMT, Deadline::after(50ms));
    EXPECT_FALSE(watched->disarm());
  }
  // Past all of those deadlines, in the midst of a call that has more time.
  watched->arm(SQL_NULL_HSTMT, Deadline::after(10s));
  std::this_thread::sleep_for(80ms);
  EXPECT_FALSE(watched->disarm());
  EXPECT_FALSE(watched->is_shut());
  EXPECT_TRUE(watched->looks_alive());
}

TEST_F(WatchedSocketTest, TheEarlierDeadlineOfAnotherSocketIsKept) {
  connect();
  const auto patient = WatchedSocket::watch(listener_);
  const auto watched = WatchedSocket::watch(client_);
  patient->arm(SQL_NULL_HSTMT, Deadline::after(1h));
  watched->arm(SQL_NULL_HSTMT, Deadline::after(30ms));
  char byte = 0;
  EXPECT_EQ(recv(client_, &byte, 1, 0), 0);
  EXPECT_TRUE(watched->disarm());
  EXPECT_FALSE(patient->disarm());
}

TEST_F(WatchedSocketTest, TheEndIsConfirmedByTheServersClosing_AndByNothingElse) {
  connect();
  const auto watched = WatchedSocket::watch(client_);
  EXPECT_TRUE(watched->looks_alive());
  EXPECT_FALSE(watched->wait_for_end(Deadline::after(50ms))) << "the server still holds its side";
  close(std::exchange(server_, -1));
  EXPECT_TRUE(watched->wait_for_end(Deadline::after(5s)));
  EXPECT_FALSE(watched->looks_alive());
}

TEST_F(WatchedSocketTest, ItSurvivesTheDriversClosingItsOwnDescriptor) {
  connect();
  const auto watched = WatchedSocket::watch(client_);
  close(client_);
  client_ = socket(AF_INET, SOCK_STREAM, 0);  // most likely the same number
  watched->shut();
  char byte = 0;
  EXPECT_EQ(recv(server_, &byte, 1, 0), 0) << "the session's socket was shut, not the new one";
}

TEST_F(WatchedSocketTest, TheNewSocketToTheServerIsFound) {
  const SocketSearch search{"127.0.0.1", port()};
  EXPECT_EQ(search.find().outcome, SocketSearch::Outcome::none);
  connect();
  EXPECT_EQ(search.find().outcome, SocketSearch::Outcome::found);
  EXPECT_EQ(search.find().descriptor, client_) << "not the accepted one: its peer is the client";
  const SocketSearch other_host{"127.0.0.2", port()};
  const int another = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(::connect(another, as_address(), sizeof(address_)), 0);
  EXPECT_EQ(search.find().outcome, SocketSearch::Outcome::several);
  EXPECT_EQ(other_host.find().outcome, SocketSearch::Outcome::none);
  close(another);
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
