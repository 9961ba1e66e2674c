// Children that a process has while it is in the middle of something.
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/soci.hpp>

#include "integration/manager_for.hpp"
#include "support/test_server.hpp"

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
