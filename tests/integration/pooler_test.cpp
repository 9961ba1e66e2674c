// A pooler that loses its server in the middle of a write says so in words of its own: a FATAL of
// class 08, while the client's connection stands. PgBouncer: `server conn crashed?` (08P01).
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/socket.hpp"

namespace flowdb::test {
namespace {

using test_support::Socket;

std::string number(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
  }
  return bytes;
}

/// A message of the protocol: https://www.postgresql.org/docs/15/protocol-message-formats.html
std::string message(char type, const std::string& body) {
  return type + number(body.size() + 4) + body;
}

/// How a session is ended.
struct End {
  std::string severity = "FATAL";
  std::string sqlstate = "08P01";
  std::string text = "server conn crashed?";
};

/// Speaks as much of the protocol as a client needs that connects and writes; every statement is
/// done, until one arrives that `loses_server` picks.
class Pooler {
 public:
  explicit Pooler(std::function<bool(std::string_view)> loses_server, End end = {})
      : loses_server_(std::move(loses_server)), end_(end), thread_([this] { serve(); }) {}
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;
  ~Pooler() {
    stopping_ = true;
    thread_.join();
  }

  std::string url() const {
    return "postgresql://anyone@127.0.0.1:" + std::to_string(port_) + "/any?sslmode=disable";
  }

 private:
  void serve() {
    while (!stopping_) {
      const Socket client = test_support::accept_from(listener_);
      client.get() >= 0 ? talk(client) : wait(listener_);
    }
  }

  void talk(const Socket& client) {
    is_in_transaction_ = false;
    receive(client, as_number(receive(client, 4)) - 4);  // the start-up message
    send(client, message('R', number(0)) + message('S', fields({"server_version", "15.0"}, "")) +
                     message('S', fields({"client_encoding", "UTF8"}, "")) + ready());
    while (!stopping_) {
      const auto type = receive(client, 1);
      if (type.empty() || type == "X") return;
      const auto body = receive(client, as_number(receive(client, 4)) - 4);
      if (!answer(client, type[0], body)) return;
    }
  }

  /// False when the server was lost. Parse, Bind, Describe, Execute are answered with their Sync.
  bool answer(const Socket& client, char type, const std::string& body) {
    if (type == 'Q' || type == 'P') is_lost_ = loses_server_(body);
    if (type != 'Q' && type != 'S') return true;
    if (is_lost_) {
      send(client, message('E', fields({"S" + end_.severity, "V" + end_.severity,
                                        "C" + end_.sqlstate, "M" + end_.text})));
      return false;
    }
    if (body.rfind("BEGIN", 0) == 0) is_in_transaction_ = true;
    const auto done = message('C', fields({"INSERT 0 1"}, ""));
    if (type == 'S') send(client, message('1', "") + message('2', "") + message('n', ""));
    send(client, done + ready());
    return true;
  }

  static std::string fields(std::initializer_list<std::string> texts,
                            std::string_view end = {"\0", 1}) {
    std::string bytes;
    for (const auto& text : texts) bytes.append(text).push_back('\0');
    return bytes.append(end);
  }
  std::string ready() const { return message('Z', is_in_transaction_ ? "T" : "I"); }

  static std::size_t as_number(const std::string& bytes) {
    std::size_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return std::max<std::size_t>(value, 4);
  }
  void wait(const Socket& socket) const {
    pollfd watched{socket.get(), POLLIN, 0};
    poll(&watched, 1, 20);
  }
  std::string receive(const Socket& socket, std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size && !stopping_) {
      wait(socket);
      const auto count = recv(socket.get(), bytes.data() + got, size - got, MSG_DONTWAIT);
      if (count == 0) return {};
      got += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return bytes;
  }
  static void send(const Socket& socket, const std::string& bytes) {
    ASSERT_EQ(::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  std::function<bool(std::string_view)> loses_server_;
  End end_;
  Socket listener_ = test_support::listen_on_loopback();
  std::uint16_t port_ = test_support::local_port(listener_);
  bool is_in_transaction_ = false;  // this and the next are the thread's alone
  bool is_lost_ = false;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

bool is_commit(std::string_view text) {
  return text.rfind("COMMIT", 0) == 0;
}
bool is_insert(std::string_view text) {
  return text.find("INSERT") != std::string_view::npos;
}

TEST(LostByThePooler, LeavesTheOutcomeUnknown_WhereTheWriteMayBeApplied) {
  for (const bool in_commit : {true, false}) {
    const Pooler pooler{in_commit ? is_commit : is_insert};
    auto db = manager_for(pooler.url(), one_connection());
    const auto error = thrown_by<CommitUnknownError>([&] {
      if (in_commit) {
        db.transaction([](Transaction& tx) { tx.execute_query("INSERT INTO t VALUES (1)"); });
      } else {
        db.execute_query_with_retry("INSERT INTO t VALUES (1)");
      }
    });
    EXPECT_TRUE(error.is_outcome_unknown());
    EXPECT_FALSE(error.is_transient());
    EXPECT_EQ(error.sqlstate(), "08P01");
    EXPECT_EQ(error.phase(), in_commit ? Phase::committing : Phase::sent);
  }
}

TEST(LostByThePooler, RollsBack_WhereATransactionIsAroundTheWrite) {
  const Pooler pooler{is_insert};
  auto db = manager_for(pooler.url(), one_connection());
  const auto error = thrown_by<ConnectionError>([&] {
    db.transaction([](Transaction& tx) { tx.execute_query("INSERT INTO t VALUES (1)"); });
  });
  EXPECT_FALSE(error.is_outcome_unknown());
}

/// Whatever the server gives as the reason for which it ends the session.
class EndedByTheServer : public testing::TestWithParam<End> {
 protected:
  static void insert(DatabaseManager& db) {
    db.execute_query_with_retry("INSERT INTO t VALUES (1)");
  }
  static void insert_in_transaction(DatabaseManager& db) {
    db.transaction([](Transaction& tx) { tx.execute_query("INSERT INTO t VALUES (1)"); });
  }
};

TEST_P(EndedByTheServer, LeavesTheOutcomeOfACommitUnknown) {
  const Pooler server{is_commit, GetParam()};
  auto db = manager_for(server.url(), one_connection());
  const auto error = thrown_by<CommitUnknownError>([&] { insert_in_transaction(db); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient());
  EXPECT_EQ(error.sqlstate(), GetParam().sqlstate);
  EXPECT_EQ(error.phase(), Phase::committing);
}

TEST_P(EndedByTheServer, LeavesTheOutcomeOfAWriteUnknown_UnlessItSaysThatItStoppedIt) {
  const Pooler server{is_insert, GetParam()};
  auto db = manager_for(server.url(), one_connection());
  if (GetParam().sqlstate == "57P01") {
    EXPECT_FALSE(
        thrown_by<ConnectionError>([&] { db.execute_query("INSERT"); }).is_outcome_unknown());
    return;
  }
  const auto error = thrown_by<CommitUnknownError>([&] { insert(db); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient());
}

TEST_P(EndedByTheServer, IsALostConnectionWithinATransaction) {
  const Pooler server{is_insert, GetParam()};
  auto db = manager_for(server.url(), one_connection());
  EXPECT_FALSE(thrown_by<ConnectionError>([&] { insert_in_transaction(db); }).is_outcome_unknown());
  EXPECT_EQ(db.get_pool_status().checked_in, 0U) << "nobody may use it again";
}

INSTANTIATE_TEST_SUITE_P(Reasons, EndedByTheServer,
                         testing::Values(End{"FATAL", "57P01", "an administrator"},
                                         End{"FATAL", "08006", "no connection"},
                                         End{"FATAL", "58000", "system error"},
                                         End{"PANIC", "53100", "the disk is full"},
                                         End{"PANIC", "58030", "input or output error"},
                                         End{"FATAL", "XX000", "out of order"}),
                         [](const auto& reason) { return reason.param.sqlstate; });

}  // namespace
}  // namespace flowdb::test
