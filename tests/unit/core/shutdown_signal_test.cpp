#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/shutdown_signal.hpp>

#include "support/thread_sanitizer.hpp"
#include "support/wait_until.hpp"

namespace flowdb {
namespace {

using namespace std::chrono_literals;

/// How `action` ends in a process of its own: its result, or 128 more than the signal.
template <class Action>
int in_child(Action action) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(action());
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(ShutdownSignal, TellsOfTheFirstSignal_AndCallsTheActionOnce) {
  std::atomic<int> calls{0};
  std::atomic<int> number{0};
  const ShutdownSignal shutdown{[&](int signal) {
    number = signal;
    ++calls;
  }};
  EXPECT_FALSE(shutdown.is_requested());
  EXPECT_FALSE(shutdown.wait_for(0ms));
  kill(getpid(), SIGTERM);
  EXPECT_TRUE(shutdown.wait_for(std::chrono::milliseconds::max()));
  EXPECT_TRUE(shutdown.is_requested());
  EXPECT_TRUE(test_support::wait_until([&] { return calls == 1; }));
  EXPECT_EQ(number, SIGTERM);
}

TEST(ShutdownSignal, LetsTheSecondSignalEndTheProcess) {
  EXPECT_EQ(in_child([] {
              const ShutdownSignal shutdown;
              raise(SIGINT);
              if (!shutdown.wait_for(10s)) return 1;
              raise(SIGTERM);
              return 2;
            }),
            128 + SIGTERM);
}

TEST(ShutdownSignal, PutsBackWhatWasThere) {
  EXPECT_EQ(in_child([] {
              {
                const ShutdownSignal first;
                raise(SIGTERM);
              }
              { const ShutdownSignal second; }
              raise(SIGTERM);
              return 1;
            }),
            128 + SIGTERM);
  EXPECT_EQ(in_child([] {
              std::signal(SIGINT, SIG_IGN);
              const ShutdownSignal shutdown;
              raise(SIGINT);
              return shutdown.is_requested() ? 1 : 7;
            }),
            7)
      << "what was ignored stays ignored";
}

TEST(ShutdownSignal, LeavesAChildToItself) {
  EXPECT_EQ(in_child([] {
              const ShutdownSignal shutdown;
              const int child = in_child([] {
                raise(test_support::can_children_work ? SIGTERM : SIGKILL);
                return 1;
              });
              if (child < 128) return 2;
              return shutdown.is_requested() ? 3 : 7;
            }),
            7);
}

TEST(ShutdownSignal, MayBeMadeAnewInAChild_ThatLetsTheInheritedOneGo) {
  auto shutdown = std::make_unique<ShutdownSignal>();
  EXPECT_EQ(in_child([&] {
              shutdown.reset();
              if (!test_support::can_children_work) return 7;
              const ShutdownSignal own;
              raise(SIGTERM);
              return own.wait_for(10s) ? 7 : 1;
            }),
            7);
  EXPECT_FALSE(shutdown->is_requested());
}

TEST(ShutdownSignal, IsOneAtATime) {
  const ShutdownSignal first;
  EXPECT_THROW(ShutdownSignal{}, InvalidArgument);
}

}  // namespace
}  // namespace flowdb
