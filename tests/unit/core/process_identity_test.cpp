#include "core/process_identity.hpp"

#include <array>
#include <cstdint>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flowdb {
namespace {

/// How `action` ends in a child process.
template <class Action>
int in_child(Action action) {
  const pid_t child = fork();
  if (child == 0) _exit(action());
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ProcessIdentity, StaysTheSame_AndIsAnotherInEveryChild) {
  const auto own = process_identity();
  EXPECT_EQ(process_identity(), own);
  const auto is_other = [own] {
    const auto child = process_identity();
    const auto grandchild_is_other = [own, child] {
      const auto grandchild = process_identity();
      return grandchild != child && grandchild != own ? 7 : 1;
    };
    return child != own && child == process_identity() ? in_child(grandchild_is_other) : 1;
  };
  EXPECT_EQ(in_child(is_other), 7);
  EXPECT_EQ(process_identity(), own);
}

TEST(ProcessIdentity, IsAnotherInAGrandchild_WhoseParentHasNotAsked) {
  const auto own = process_identity();
  EXPECT_EQ(
      in_child([own] { return in_child([own] { return process_identity() != own ? 7 : 1; }); }), 7);
}

}  // namespace
}  // namespace flowdb
