// A process that forks while it has a pool: the child has the parent's connections, but none of its
// threads.
#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>

#include "unit/pool/pool_fixture.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;

/// What `action` returns in a child process; -1 when it does not end.
template <class Action>
int in_child(Action action) {
  const pid_t child = fork();
  if (child == 0) _exit(action());
  int status = 0;
  if (!wait_until([&] { return waitpid(child, &status, WNOHANG) == child; })) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(PoolShell, LeavesItsConnectionsToTheParent_WhenAChildDestroysIt) {
  make_pool(pool_of(2, 0));
  acquire_many(2);
  const auto connections_closed_by_child = [&] {
    const int before = server->connected;
    pool.reset();
    return before - server->connected;
  };
  EXPECT_EQ(in_child(connections_closed_by_child), 0);
  EXPECT_TRUE(acquire());
  EXPECT_EQ(server->opened, 2);
}

TEST_F(PoolShell, LeavesALentConnectionToTheParent_WhenAChildGivesItBack) {
  make_pool(pool_of(1, 0));
  auto lease = acquire();
  const auto resets_by_child = [&] {
    lease.give_back();
    return server->session(0)->resets.load();
  };
  EXPECT_EQ(in_child(resets_by_child), 0);
  lease.give_back();
  EXPECT_EQ(server->session(0)->resets, 1);
  EXPECT_TRUE(acquire());
}

TEST_F(PoolShell, SaysThatItBelongsToTheParent_WhenAChildUsesIt) {
  make_pool(pool_of(1, 0));
  const auto lease = acquire();
  const std::vector<std::function<void()>> uses{[&] { pool->dispose(); }, [&] { pool->status(); },
                                                [&] { pool->acquire(within(1s)); },
                                                [&] { lease->mark_session_touched(); }};
  const auto refusals = [&] {
    int count = 0;
    for (const auto& use : uses) {
      try {
        use();
      } catch (const InvalidArgument& error) {
        count += std::string{error.what()}.find("fork()") != std::string::npos ? 1 : 0;
      }
    }
    return count;
  };
  EXPECT_EQ(in_child(refusals), 4);
}

}  // namespace
}  // namespace flowdb::pool
