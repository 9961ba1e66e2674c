// A network that swallows everything, at each phase of what is said to the server.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/tds_server/tds_target.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::CutStyle;
using test_support::Direction;
using test_support::wait_until;

class TdsBlackHoleTiming : public testing::Test {
 protected:
  static constexpr auto kTimeout = 1s;
  static constexpr std::size_t kConnections = 3;

  TdsBlackHoleTiming() { target_.database().exec("CREATE TABLE done (id int)"); }

  static DatabaseOptions options() {
    return {.pool_size = static_cast<int>(kConnections), .max_overflow = 0, .timeout = kTimeout};
  }
  static std::string through(const test_support::ChaosProxy& proxy, TdsTarget& target) {
    auto url = target.url_with("encrypt=no");
    const auto port = ':' + std::to_string(target.server().port()) + '/';
    return url.replace(url.find(port), port.size(), ':' + std::to_string(proxy.port()) + '/');
  }

  /// As many queries at once as there may be connections, all of them answered.
  bool is_whole() {
    std::atomic<std::size_t> answers{0};
    std::vector<std::thread> callers;
    for (std::size_t caller = 0; caller < kConnections; ++caller) {
      callers.emplace_back([&] {
        try {
          if (db_.execute_query("SELECT 42 AS n").scalar<int>() == 42) ++answers;
        } catch (const Error&) {
        }
      });
    }
    for (auto& caller : callers) caller.join();
    return answers == kConnections;
  }
  /// And nothing is on its way any more, to be hit by what comes next.
  void become_whole() {
    ASSERT_TRUE(wait_until([&] {
      const bool is_served = is_whole();
      const auto status = db_.get_pool_status();
      return is_served && status.opening == 0 && status.invalid == 0 &&
             proxy_.open_connections() == status.checked_in;
    }));
  }

  /// `call` must fail with an E in time, and the pool be whole again soon after the network is.
  template <class E, class Call>
  E fails_in_time(const Call& call) {
    const Stopwatch stopwatch;
    const auto error = thrown_by<E>(call);
    EXPECT_LE(stopwatch.elapsed(), kTimeout + grace);
    proxy_.heal();
    expect_to_become_whole_soon();
    return error;
  }
  void expect_to_become_whole_soon() {
    EXPECT_TRUE(wait_until([&] { return is_whole(); }, 2s));
  }

  TdsTarget target_;
  // Any URL that names host and port tells it where the server is.
  test_support::ChaosProxy proxy_{
      "postgresql://127.0.0.1:" + std::to_string(target_.server().port()) + "/any"};
  DatabaseManager db_ = manager_for(through(proxy_, target_), options());
};

TEST_F(TdsBlackHoleTiming, InALogin) {
  proxy_.stall();
  fails_in_time<ConnectionError>([&] { db_.execute_query("SELECT 1 AS one"); });
}

TEST_F(TdsBlackHoleTiming, InAQueryAndInItsAnswer) {
  become_whole();
  proxy_.stall();
  const auto write =
      fails_in_time<TimeoutError>([&] { db_.execute_query("INSERT INTO done VALUES (1)"); });
  EXPECT_TRUE(write.is_outcome_unknown());
  int failures = 0;
  for (const std::uint64_t position : {0U, 4U, 9U, 30U}) {
    SCOPED_TRACE(position);
    become_whole();
    proxy_.cut({Direction::to_client, position, CutStyle::silence});
    const Stopwatch stopwatch;
    try {
      db_.execute_query("SELECT n FROM (VALUES (1), (2), (3)) AS numbers (n)");
    } catch (const TimeoutError&) {
      ++failures;
    } catch (const ConnectionError&) {  // it was a ping that met the silence
      ++failures;
    }
    EXPECT_LE(stopwatch.elapsed(), kTimeout + grace);
    proxy_.cut_all();  // silence ends with its connection
    expect_to_become_whole_soon();
  }
  EXPECT_GE(failures, 2);
}

TEST_F(TdsBlackHoleTiming, AroundAnAttention) {
  // The statement is under way when the network goes, and to cancel it goes the same way.
  tds_server::FaultPlan slow;
  slow.request = "endless";
  slow.at_answer = tds_server::Fault{tds_server::FaultKind::stall, 0};
  target_.server().set_faults(slow);
  become_whole();
  const auto sent = proxy_.bytes(Direction::to_server);
  std::thread network{[&] {
    EXPECT_TRUE(wait_until([&] { return proxy_.bytes(Direction::to_server) > sent + 20; }));
    proxy_.stall();
  }};
  fails_in_time<TimeoutError>([&] { db_.execute_query("SELECT 1 AS endless"); });
  network.join();
}

TEST_F(TdsBlackHoleTiming, InATransaction_WhereverItIs) {
  const auto fails = [](Transaction&) { throw std::runtime_error("the flow's own"); };
  const auto inserts = [](Transaction& tx) { tx.execute_query("INSERT INTO done VALUES (2)"); };
  const auto nothing = [](Transaction&) {};
  become_whole();
  proxy_.stall();
  fails_in_time<TimeoutError>([&] { db_.transaction(inserts); });  // BEGIN
  const auto after_stall = [&](const auto& rest) {
    become_whole();
    return [&, rest] {
      db_.transaction([&](Transaction& tx) {
        tx.execute_query("INSERT INTO done VALUES (1)");
        proxy_.stall();
        rest(tx);
      });
    };
  };
  const auto in_statement = fails_in_time<TimeoutError>(after_stall(inserts));
  EXPECT_FALSE(in_statement.is_outcome_unknown()) << "COMMIT was never sent";
  fails_in_time<std::runtime_error>(after_stall(fails));  // ROLLBACK
  EXPECT_TRUE(wait_until([&] {
    return target_.database().scalar("SELECT count(*) FROM done") == "0";
  })) << "nothing of all that was committed";
  const auto in_commit = fails_in_time<TimeoutError>(after_stall(nothing));
  EXPECT_TRUE(in_commit.is_outcome_unknown());
  EXPECT_EQ(in_commit.phase(), Phase::committing);
}

TEST_F(TdsBlackHoleTiming, InAPing) {
  become_whole();
  const Stopwatch idle;
  ASSERT_TRUE(wait_until([&] { return idle.elapsed() > 550ms; })) << "so that each is asked first";
  proxy_.stall();
  fails_in_time<ConnectionError>([&] { db_.execute_query("SELECT 1 AS one"); });
}

}  // namespace
}  // namespace flowdb::test
