// Children that a process has while it is in the middle of something.
#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/soci.hpp>

#include "integration/manager_for.hpp"
#include "support/test_server.hpp"
#include "support/thread_sanitizer.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

/// How a child ends that has found all as it should be.
constexpr int kWell = 7;

void expect_well(pid_t child) {
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), kWell);
}

template <class Use>
bool is_refused(const Use& use) {
  try {
    use();
    return false;
  } catch (const InvalidArgument& error) {
    return std::string{error.what()}.find("fork()") != std::string::npos;
  }
}

class ForkedProcess : public testing::Test {
 protected:
  ForkedProcess() { database_.exec("CREATE TABLE t (id int)"); }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(ForkedProcess, ThatLetsAStreamGoLeavesItsRowsToTheParent) {
  auto stream = std::make_unique<RowStream>(
      db_.stream_query("SELECT repeat('x', 1000) FROM generate_series(1, 20000)"));
  const auto let_go = [&] {
    const bool refused = is_refused([&] {
      for (const auto& row : *stream) static_cast<void>(row);  // beyond the block that is here
    });
    stream.reset();
    return refused ? kWell : 1;
  };
  int rows = 0;
  for (const auto& row : *stream) {
    rows += row[0].as<std::string>().size() == 1000 ? 1 : 0;
    if (rows == 500) {
      const pid_t child = fork();
      if (child == 0) _exit(let_go());
      expect_well(child);
    }
  }
  EXPECT_EQ(rows, 20000);
}

TEST_F(ForkedProcess, OpensConnectionsOfItsOwn_AndLeavesTheIdleOnesToTheParent_200Times) {
  DatabaseOptions options;
  options.pool_size = 3;
  options.max_overflow = 0;
  auto db = manager_for(database_, options);
  const auto sessions = [&] {
    std::array<int, 3> pids{};
    std::vector<std::thread> callers;
    for (auto& pid : pids) {
      callers.emplace_back([&] {
        pid = db.execute_query("SELECT pg_backend_pid() FROM pg_sleep(0.1)").scalar<int>();
      });
    }
    for (auto& caller : callers) caller.join();
    return std::set<int>(pids.begin(), pids.end());
  };
  const auto use_own = [&](const std::set<int>& parents) {
    if (!is_refused([&] { db.execute_query("SELECT 1"); })) return 1;
    if (!test_support::can_children_work) return kWell;
    auto own = manager_for(database_);
    const auto row = own.execute_query(
                            "SELECT pg_backend_pid(), ssl FROM pg_stat_ssl"
                            " WHERE pid = pg_backend_pid()")
                         .one();
    const bool is_own = parents.count(row[0].as<int>()) == 0;
    return is_own && row[1].as<bool>() ? kWell : 1;
  };
  std::set<int> before;
  ASSERT_TRUE(test_support::wait_until([&] {
    before = sessions();
    return before.size() == 3;
  }));
  const auto are_unharmed = [&] {
    const auto now = sessions();
    return std::includes(before.begin(), before.end(), now.begin(), now.end());
  };
  for (int i = 0; i < 200 && !HasFailure(); ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(use_own(before));
    expect_well(child);
    if (i % 20 == 0) {
      EXPECT_TRUE(are_unharmed()) << "after " << i;
    }
  }
  EXPECT_TRUE(are_unharmed());
}

struct LeftByException {};

TEST_F(ForkedProcess, ThatLeavesATransactionLeavesItToTheParent) {
  for (const bool by_exception : {true, false}) {
    pid_t child = -1;
    const auto body = [&](Transaction& tx) {
      tx.execute_query("INSERT INTO t VALUES (1)");
      child = fork();
      if (child != 0) {
        expect_well(child);
        tx.execute_query("INSERT INTO t VALUES (2)");
      } else if (!is_refused([&] { tx.execute_query("INSERT INTO t VALUES (3)"); })) {
        _exit(1);
      } else if (by_exception) {
        throw LeftByException{};
      }
    };
    bool is_left = false;
    const bool is_commit_refused = is_refused([&] {
      try {
        db_.transaction(body);
      } catch (const LeftByException&) {
        is_left = true;
      }
    });
    if (child == 0) _exit((by_exception ? is_left : is_commit_refused) ? kWell : 1);
    EXPECT_FALSE(is_commit_refused);
  }
  EXPECT_EQ(database_.scalar("SELECT string_agg(id::text, ',' ORDER BY id) FROM t"), "1,1,2,2");
}

TEST_F(ForkedProcess, ThatLetsASociSessionGoLeavesItToTheParent) {
  auto lease = std::make_unique<SessionLease>(db_.lease_session());
  lease->session().begin();
  lease->session() << "INSERT INTO t VALUES (1)";
  const pid_t child = fork();
  if (child == 0) {
    lease.reset();
    _exit(kWell);
  }
  expect_well(child);
  lease->session().commit();
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "1");
}

}  // namespace
}  // namespace flowdb::test
