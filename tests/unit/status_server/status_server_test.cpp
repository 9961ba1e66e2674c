#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/status_server.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "status_server/http_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb {
namespace {

using namespace std::chrono_literals;
using flowdb::testing::MockDatabaseManager;
using test_support::wait_until;
using ::testing::HasSubstr;

class StatusServerTest : public ::testing::Test {
 protected:
  /// What cpp-httplib makes with the first request and the first answer, and keeps, is made here by
  /// threads that are joined: compiled without the thread sanitizer, it would seem to be raced for.
  static void SetUpTestSuite() {
    MockDatabaseManager db{"rpa_db"};
    const StatusServer first{{&db}, {}};
    httplib::Client{"127.0.0.1", first.port()}.Get("/health/live");
  }

  void start(StatusServerOptions options = {}) {
    server.emplace(std::vector<DatabaseManager*>{&db}, std::move(options));
  }
  httplib::Client client() const {
    httplib::Client made{"127.0.0.1", server->port()};
    made.set_read_timeout(20s);
    return made;
  }
  httplib::Response get(const std::string& path) const {
    const auto answer = client().Get(path);
    if (!answer) throw std::runtime_error(path + ": " + httplib::to_string(answer.error()));
    return *answer;
  }

  MockDatabaseManager db{
      "rpa_db", {.pool_size = 2, .max_overflow = 0, .health_timeout = 5s, .slow_statement = 1ms}};
  std::optional<StatusServer> server;
};

/// A connection whose every byte is the test's.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { close(socket_); }

  bool send(const std::string& text) const {
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  /// All that comes until the server closes.
  std::string rest() const {
    std::string text;
    char buffer[4096];
    for (ssize_t count = 0; (count = recv(socket_, buffer, sizeof buffer, 0)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
  }
  bool is_closed() const {
    char byte = 0;
    return recv(socket_, &byte, 1, MSG_DONTWAIT) == 0;
  }

 private:
  int socket_;
};

TEST_F(StatusServerTest, TellsOfHealth) {
  start();
  EXPECT_EQ(server->url(), "http://127.0.0.1:" + std::to_string(server->port()) + "/");
  EXPECT_EQ(get("/health/live").status, 200);
  EXPECT_EQ(db.get_pool_status().total_connections, 0U) << "live touches no database";
  EXPECT_EQ(get("/health/ready").status, 200);
  const auto healthy = get("/health");
  EXPECT_EQ(healthy.status, 200);
  EXPECT_EQ(healthy.get_header_value("Content-Type"), "application/json");
  const auto document = nlohmann::json::parse(healthy.body);
  EXPECT_EQ(document["status"], "healthy");
  EXPECT_EQ(document["databases"][0]["database_name"], "rpa_db");
  EXPECT_EQ(document["databases"][0]["query_test"], true);

  db.dispose();
  db.refuse_connections(1000);
  EXPECT_EQ(get("/health/ready").status, 503);
  const auto sick = get("/health");
  EXPECT_EQ(sick.status, 503);
  EXPECT_EQ(nlohmann::json::parse(sick.body)["status"], "unhealthy");
  EXPECT_EQ(get("/health/live").status, 200);
}

TEST_F(StatusServerTest, CallsADatabaseThatIsBusyOrSlowReady) {
  start();
  db.transaction([&](Transaction&) {
    std::thread{[&] {
      db.transaction([&](Transaction&) {
        EXPECT_EQ(get("/health/ready").status, 200) << "an exhausted pool is degraded, not down";
        EXPECT_EQ(nlohmann::json::parse(get("/health").body)["status"], "degraded");
      });
    }}.join();
  });
}

TEST_F(StatusServerTest, ServesMetricsAndTheStatusOfPoolsAndSlowStatements) {
  db.when("SELECT slow FROM t WHERE note = 'secret value'").delayed_by(5ms).affects(0);
  db.execute_query("SELECT slow FROM t WHERE note = 'secret value'");
  start({.title = "rpa \"3\""});
  const auto metrics = get("/metrics");
  EXPECT_THAT(metrics.get_header_value("Content-Type"), HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(metrics.body, HasSubstr("db_client_connection_max{"));
  const auto answer = get("/status.json");
  const auto status = nlohmann::json::parse(answer.body);
  EXPECT_EQ(status["title"], "rpa \"3\"");
  const auto& pool = status["databases"][0];
  EXPECT_EQ(pool["name"], "rpa_db");
  EXPECT_EQ(pool["pool"]["max_connections"], 2);
  EXPECT_GE(pool["history"]["idle"].size(), 1U);
  EXPECT_GT(status["process"]["resident_bytes"], 0);
  const auto& slow = status["slow_statements"][0];
  EXPECT_EQ(slow["statement"], "SELECT slow FROM t WHERE note = ?");
  EXPECT_EQ(slow["database"], "rpa_db");
  EXPECT_GE(slow["duration_ms"], 5.0);
  for (const auto* path : {"/status.json", "/health", "/metrics"}) {
    EXPECT_EQ(get(path).body.find("secret value"), std::string::npos) << path;
  }
}

TEST_F(StatusServerTest, SamplesThePoolsByItself) {
  start();
  const auto used = [&] {
    return nlohmann::json::parse(get("/status.json").body)["databases"][0]["history"]["used"];
  };
  db.transaction(
      [&](Transaction&) { EXPECT_TRUE(wait_until([&] { return used().back() == 1; })); });
  EXPECT_TRUE(wait_until([&] { return used().back() == 0; }));
}

TEST_F(StatusServerTest, ServesAPageThatLoadsNothingFromElsewhere) {
  start();
  const auto page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("<title>flowdb</title>"));
  EXPECT_THAT(get("/page.js").body, HasSubstr("\"use strict\""));
  EXPECT_THAT(get("/page.css").body, HasSubstr("color-scheme"));
  for (const auto* path : {"/", "/page.js", "/page.css"}) {
    const auto text = get(path).body;
    for (const auto* elsewhere : {"https://", "src=\"//", "@import", "innerHTML", "eval("}) {
      EXPECT_EQ(text.find(elsewhere), std::string::npos) << elsewhere << " in " << path;
    }
  }
  for (const auto* path : {"/", "/health", "/metrics", "/nowhere"}) {
    const auto answer = get(path);
    EXPECT_THAT(answer.get_header_value("Content-Security-Policy"), HasSubstr("default-src 'none'"))
        << path;
    EXPECT_EQ(answer.get_header_value("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(answer.get_header_value("Cache-Control"), "no-store") << path;
    EXPECT_EQ(answer.get_header_value_count("Server"), 0U) << path;
  }
}

TEST_F(StatusServerTest, AnswersOnlyWhatItKnows) {
  start();
  EXPECT_EQ(get("/nowhere").status, 404);
  EXPECT_EQ(get("/page_js").status, 404) << "a dot is a dot";
  EXPECT_EQ(get("/../etc/passwd").status, 404);
  const auto head = client().Head("/health");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->body, "");
  const auto ranges = client().Get("/", {{"Range", "bytes=0-1,0-1,0-1"}});
  ASSERT_TRUE(ranges);
  EXPECT_EQ(ranges->status, 416);
  const auto post = client().Post("/health", std::string(100'000, 'x'), "text/plain");
  ASSERT_TRUE(post);
  EXPECT_EQ(post->status, 405);
  EXPECT_EQ(post->get_header_value("Allow"), "GET, HEAD");
  for (const std::string nonsense : {"\r\n\r\n", "GET\r\n\r\n", "G\xff\x01T / HTTP/9.9\r\n\r\n",
                                     "DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n"}) {
    const RawClient raw{server->port()};
    ASSERT_TRUE(raw.send(nonsense));
    const auto answer = raw.rest();
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 4")) << answer;
  }
  const RawClient endless{server->port()};
  while (endless.send("GET / HTTP/1.1\r\nA: " + std::string(4000, 'a') + "\r\n") &&
         !endless.is_closed()) {
  }
  EXPECT_EQ(get("/health/live").status, 200);
}

TEST_F(StatusServerTest, RefusesARequestByAnotherHostsName) {
  start();
  const auto status_for = [&](const std::string& host) {
    const auto answer = client().Get("/status.json", {{"Host", host}});
    return answer ? answer->status : -1;
  };
  EXPECT_EQ(status_for("evil.example"), 403);
  EXPECT_EQ(status_for("127.0.0.1.evil.example:8080"), 403);
  EXPECT_EQ(status_for("localhost:9999"), 200);
  EXPECT_EQ(status_for("127.0.0.1"), 200);
  EXPECT_TRUE(status_server::is_name_of_this_machine("[::1]:80"));
  const RawClient old{server->port()};
  ASSERT_TRUE(old.send("GET /health/live HTTP/1.0\r\n\r\n"));
  EXPECT_THAT(old.rest(), HasSubstr(" 200 "));
}

TEST_F(StatusServerTest, SharesOneHealthCheckAmongThoseWhoAskAtTheSameTime) {
  db.when("SELECT 1").delayed_by(300ms).affects(0);
  start({.threads = 16});
  std::vector<std::thread> askers;
  std::atomic<int> healthy{0};
  for (int i = 0; i < 7; ++i) {
    askers.emplace_back([&] { healthy += get("/health/ready").status == 200 ? 1 : 0; });
  }
  EXPECT_TRUE(wait_until([&] { return db.get_pool_status().checked_out == 1; }));
  EXPECT_EQ(get("/health/live").status, 200);
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(healthy, 7);
  EXPECT_LE(db.call_count("SELECT 1"), 3U);
  EXPECT_EQ(db.get_pool_status().total_connections, 1U);
}

TEST_F(StatusServerTest, AnswersWhetherItLives_WhileADatabaseIsSilent) {
  db.when("SELECT 1").delayed_by(24h).affects(0);
  start({.threads = 4});
  std::vector<std::thread> askers;
  std::atomic<int> refused{0};
  for (int i = 0; i < 12; ++i) {
    askers.emplace_back([&] { refused += get("/health").status == 503 ? 1 : 0; });
  }
  EXPECT_TRUE(wait_until([&] { return refused >= 8; })) << "no more than two may wait";
  EXPECT_EQ(get("/health/live").status, 200);
  EXPECT_EQ(db.get_pool_status().checked_out, 1U) << "and the check is still under way";
  for (auto& asker : askers) asker.join();
}

TEST_F(StatusServerTest, EndsClientsThatTakeTheirTime) {
  start({.threads = 2, .client_timeout = 200ms});
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 6; ++i) {
    slow.push_back(std::make_unique<RawClient>(server->port()));
    ASSERT_TRUE(slow.back()->send("GET /health/live HTTP/1.1\r\nA: "));
  }
  // One byte now and then, which restarts any limit that is not for the request as a whole.
  std::size_t closed = 0;
  EXPECT_TRUE(wait_until([&] {
    closed = 0;
    for (const auto& client : slow) {
      if (client->is_closed() || !client->send("x")) ++closed;
    }
    return closed == slow.size();
  }));
  EXPECT_EQ(get("/health/live").status, 200);
}

TEST_F(StatusServerTest, RefusesMoreThanCanWait_AndGoesOn) {
  start({.threads = 2, .client_timeout = 2s});
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (int i = 0; i < 200; ++i) crowd.push_back(std::make_unique<RawClient>(server->port()));
  EXPECT_TRUE(wait_until([&] {
    std::size_t closed = 0;
    for (const auto& client : crowd) closed += client->is_closed() ? 1U : 0U;
    return closed >= 100;
  })) << "2 are read from and 64 wait";
  crowd.clear();
  EXPECT_TRUE(wait_until([&] {
    const auto answer = client().Get("/health/live");
    return answer && answer->status == 200;
  })) << "as soon as it has seen that they are gone";
}

TEST_F(StatusServerTest, EndsAtOnce_WhoeverIsConnected) {
  start({.client_timeout = 1h});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(std::make_unique<RawClient>(server->port()));
  EXPECT_EQ(clients[0]->send("GET"), true);
  server.reset();
  for (const auto& client : clients) EXPECT_EQ(client->rest().find(" 200 "), std::string::npos);
}

TEST_F(StatusServerTest, SaysWhenItCannotListen) {
  start();
  try {
    const StatusServer second{{&db}, {.port = server->port()}};
    FAIL() << "two servers on one port";
  } catch (const ConfigurationError& error) {
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(server->port())));
    EXPECT_THAT(error.what(), HasSubstr("in use"));
  }
  EXPECT_THROW(StatusServer({&db}, {.address = "not an address"}), ConfigurationError);
  EXPECT_EQ(get("/health/live").status, 200);
}

TEST_F(StatusServerTest, RefusesWhatMakesNoSense) {
  EXPECT_THROW(StatusServer({}, {}), InvalidArgument);
  EXPECT_THROW(StatusServer({nullptr}, {}), InvalidArgument);
  EXPECT_THROW(StatusServer({&db, &db}, {}), InvalidArgument);
  EXPECT_THROW(StatusServer({&db}, {.threads = 1}), InvalidArgument);
  EXPECT_THROW(StatusServer({&db}, {.client_timeout = 0ms}), InvalidArgument);
}

TEST_F(StatusServerTest, LeavesTheProcessAsItWas) {
  struct sigaction before {};
  sigaction(SIGPIPE, nullptr, &before);
  start();
  struct sigaction after {};
  sigaction(SIGPIPE, nullptr, &after);
  EXPECT_EQ(after.sa_handler, before.sa_handler);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    server.reset();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(get("/health/live").status, 200);
}

}  // namespace
}  // namespace flowdb
