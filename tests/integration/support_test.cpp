// Proves what the other tests rely on: the chaos proxy and the clusters.
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <poll.h>

#include "support/chaos_proxy.hpp"
#include "support/message_framing.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test_support {
namespace {

using std::chrono::milliseconds;

const std::string large_query =
    "SELECT string_agg(md5(n::text), '' ORDER BY n) FROM generate_series(1, 3000) AS n";

/// How many bytes the client receives in a short session. TLS lets it vary by a few from one
/// session to the next, so cut well before its end.
std::uint64_t bytes_of_a_session(const std::string& url) {
  ChaosProxy proxy{url};
  Observer{proxy.url()}.scalar("SELECT 1");
  EXPECT_TRUE(wait_until([&] { return proxy.open_connections() == 0; }));
  return proxy.bytes(Direction::to_client);
}

bool is_readable(PGconn* connection, milliseconds limit) {
  pollfd watched{PQsocket(connection), POLLIN, 0};
  return poll(&watched, 1, static_cast<int>(limit.count())) == 1;
}

TEST(ChaosProxy, AnswersStayWhole_WhenTrafficIsSlicedAndDelayed) {
  const std::string expected = Observer{postgres_url()}.scalar(large_query);
  ASSERT_EQ(expected.size(), 96000U);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    ChaosOptions options{.seed = seed, .slice = 200};
    options.to_server_delay = {milliseconds{0}, milliseconds{3}};
    options.to_client_delay = {milliseconds{0}, milliseconds{1}};
    ChaosProxy proxy{postgres_url(), options};
    EXPECT_EQ(Observer{proxy.url()}.scalar(large_query), expected) << proxy.describe();
  }
}

TEST(ChaosProxy, HoldsEveryAnswerBack_WhenADelayIsSet) {
  ChaosOptions options;
  options.to_client_delay = {milliseconds{60}, milliseconds{60}};
  ChaosProxy proxy{postgres_url(), options};
  Observer observer{proxy.url()};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(observer.scalar("SELECT 7"), "7");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds{60});
}

TEST(ChaosProxy, ForwardsExactlyTheBytesBeforeTheCut) {
  const std::uint64_t whole = bytes_of_a_session(postgres_url());
  ASSERT_GT(whole, 100U);
  for (const std::uint64_t position : {std::uint64_t{0}, std::uint64_t{1}, whole / 3}) {
    for (const CutStyle style : {CutStyle::close, CutStyle::reset}) {
      ChaosOptions options{.slice = 7};
      options.cut = Cut{Direction::to_client, position, style};
      ChaosProxy proxy{postgres_url(), options};
      EXPECT_THROW(Observer{proxy.url()}, std::runtime_error) << proxy.describe();
      EXPECT_EQ(proxy.bytes(Direction::to_client), position) << proxy.describe();
      EXPECT_EQ(Observer{proxy.url()}.scalar("SELECT 1"), "1")
          << "a cut strikes once; " << proxy.describe();
    }
  }
}

TEST(ChaosProxy, LetsTheRequestPassAndLosesTheAnswer_WhenACutIsArmedOnAnOpenConnection) {
  TestDatabase database;
  database.exec("CREATE TABLE written (id integer)");
  ChaosProxy proxy{database.url()};
  Observer client{proxy.url()};
  proxy.cut({.direction = Direction::to_client, .after_bytes = 0});
  EXPECT_THROW(client.exec("INSERT INTO written VALUES (1)"), std::runtime_error);
  EXPECT_TRUE(wait_until([&] { return database.scalar("SELECT count(*) FROM written") == "1"; }));
  EXPECT_EQ(proxy.open_connections(), 0U);
}

TEST(ChaosProxy, SwallowsEverything_UntilAStallIsHealed) {
  ChaosProxy proxy{postgres_url()};
  Observer client{proxy.url()};
  proxy.stall();
  ASSERT_EQ(PQsendQuery(client.native_handle(), "SELECT 42"), 1);
  EXPECT_FALSE(is_readable(client.native_handle(), milliseconds{150}));
  proxy.heal();
  ASSERT_TRUE(is_readable(client.native_handle(), milliseconds{5000}));
  const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQgetResult(client.native_handle()),
                                                             &PQclear};
  EXPECT_STREQ(PQgetvalue(result.get(), 0, 0), "42");
  EXPECT_EQ(PQgetResult(client.native_handle()), nullptr);
}

TEST(ChaosProxy, EndsEveryConnection_WhenAllAreCut) {
  ChaosProxy proxy{postgres_url()};
  Observer first{proxy.url()};
  Observer second{proxy.url()};
  EXPECT_EQ(proxy.open_connections(), 2U);
  proxy.cut_all();
  EXPECT_THROW(first.scalar("SELECT 1"), std::runtime_error);
  EXPECT_THROW(second.scalar("SELECT 1"), std::runtime_error);
  EXPECT_EQ(proxy.open_connections(), 0U);
  EXPECT_EQ(Observer{proxy.url()}.scalar("SELECT 1"), "1");
  EXPECT_EQ(proxy.accepted_connections(), 3U);
}

TEST(ChaosProxy, ResetsWhoConnects_WhenTheServerIsGone) {
  ChaosProxy proxy{"postgresql://nobody@127.0.0.1:1/none"};
  EXPECT_THROW(Observer{proxy.url()}, std::runtime_error);
  EXPECT_EQ(proxy.open_connections(), 0U);
}

TEST(MessageFraming, KnowsWhereMessagesBeginAndEnd) {
  struct Case {
    MessageFraming framing;
    std::vector<std::string> messages;
    std::vector<int> types;
  };
  using namespace std::string_literals;
  const Case cases[] = {
      {{Protocol::postgresql, true},
       {"\0\0\0\x08\x04\xD2\x16\x2F"s, "\0\0\0\x09\0\x03\0\0\0"s, "Q\0\0\0\x06x\0"s,
        "X\0\0\0\x04"s},
       {0, 0, 'Q', 'X'}},
      {{Protocol::postgresql, false}, {"R\0\0\0\x08\0\0\0\0"s, "Z\0\0\0\x05I"s}, {'R', 'Z'}},
      {{Protocol::tds, true},
       {"\x12\x01\0\x0A\0\0\0\0ab"s, "\x01\x01\0\x08\0\0\0\0"s},
       {0x12, 0x01}},
  };
  for (const auto& each : cases) {
    for (const std::size_t step : {1U, 3U, 100U}) {
      auto framing = each.framing;
      for (std::size_t i = 0; i < each.messages.size(); ++i) {
        const std::string_view message = each.messages[i];
        EXPECT_TRUE(framing.is_between());
        EXPECT_EQ(framing.type_of_next(message.front()), each.types[i]);
        for (std::size_t place = 0; place < message.size(); place += step) {
          framing.take(message.substr(place, step));
          EXPECT_EQ(framing.is_between(), place + step >= message.size());
        }
      }
    }
  }
}

TEST(TestDatabase, IsGone_AfterItsScopeEvenWithAClientConnected) {
  std::string name;
  std::unique_ptr<Observer> client;
  {
    TestDatabase database;
    name = database.name();
    client = std::make_unique<Observer>(database.url());
  }
  EXPECT_THROW(client->scalar("SELECT 1"), std::runtime_error);
  EXPECT_EQ(Observer{postgres_url()}.scalar("SELECT count(*) FROM pg_database WHERE datname = '" +
                                            name + "'"),
            "0");
}

TEST(PostgresCluster, KeepsWhatWasCommitted_AcrossAKillAndAStop) {
  PostgresCluster cluster{"log_statement = ddl"};
  Observer{cluster.url()}.exec("CREATE TABLE kept AS SELECT 5 AS value");
  EXPECT_NE(cluster.log().find("CREATE TABLE kept"), std::string::npos);
  for (const bool gently : {false, true}) {
    Observer client{cluster.url()};
    gently ? cluster.stop() : cluster.kill();
    EXPECT_THROW(client.scalar("SELECT 1"), std::runtime_error);
    EXPECT_THROW(Observer{cluster.url()}, std::runtime_error);
    cluster.restart();
    EXPECT_EQ(Observer{cluster.url()}.scalar("SELECT value FROM kept"), "5");
  }
}

TEST(PostgresCluster, HasAStandby_WhichHoldsWhatWasCommittedAndTakesWritesWhenPromoted) {
  PostgresCluster primary;
  Observer writer{primary.url()};
  writer.exec("CREATE TABLE early AS SELECT 1 AS value");
  PostgresCluster standby{primary, Replication::synchronous};
  writer.exec("SET synchronous_commit = remote_apply");
  writer.exec("CREATE TABLE late AS SELECT 2 AS value");
  Observer reader{standby.url()};
  EXPECT_EQ(reader.scalar("SELECT early.value + late.value FROM early, late"), "3");
  EXPECT_THROW(reader.exec("CREATE TABLE refused ()"), std::runtime_error);
  standby.kill();
  standby.restart();
  primary.kill();
  standby.promote();
  Observer successor{standby.url()};
  successor.exec("INSERT INTO late VALUES (3)");
  EXPECT_EQ(successor.scalar("SELECT sum(value) FROM late"), "5");
}

TEST(PostgresCluster, ProvesItsIdentity_WithItsOwnAuthority) {
  PostgresCluster cluster;
  const std::string strict = cluster.url().substr(0, cluster.url().find('?')) +
                             "?sslmode=verify-full&sslrootcert=" + cluster.root_certificate();
  EXPECT_EQ(Observer{strict}.scalar("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"),
            "t");
  EXPECT_THROW(Observer{cluster.url() + "&sslmode=disable"}, std::runtime_error);
}

}  // namespace
}  // namespace flowdb::test_support
