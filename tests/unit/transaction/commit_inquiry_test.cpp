#include "transaction/commit_inquiry.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

namespace flowdb {
namespace {

using namespace std::chrono_literals;
using backend::Fate;
using std::chrono::nanoseconds;

/// Notes how long it was to sleep, and does not.
class WakefulClock final : public Clock {
 public:
  TimePoint now() override { return {}; }
  void sleep_for(nanoseconds duration) override { pauses.push_back(duration); }

  std::vector<nanoseconds> pauses;
};

/// A server that gives one answer after the other; the last of them for ever.
class CommitInquiry : public testing::Test {
 protected:
  using Answer = std::function<Fate()>;

  Fate find(std::vector<Answer> answers, const Deadline& deadline = Deadline::after(1min)) {
    const FateLook look = [&](bool end_it) {
      ended.push_back(end_it);
      return answers.at(std::min(ended.size(), answers.size()) - 1)();
    };
    return find_fate(look, clock, deadline);
  }
  static Answer says(Fate fate) {
    return [fate] { return fate; };
  }
  template <class Failure>
  static Answer fails(Failure failure) {
    return [failure]() -> Fate { throw failure; };
  }

  WakefulClock clock;
  std::vector<bool> ended;  ///< for each look, whether it was to end the session
};

const ErrorFacts facts;

TEST_F(CommitInquiry, TakesTheFirstFinalAnswer) {
  for (const auto fate : {Fate::committed, Fate::rolled_back, Fate::unknown}) {
    ended.clear();
    EXPECT_EQ(find({says(fate), says(Fate::committed)}), fate);
    EXPECT_EQ(ended.size(), 1U);
  }
  EXPECT_TRUE(clock.pauses.empty());
}

TEST_F(CommitInquiry, LooksAgain_WhileTheServerCannotBeAsked) {
  EXPECT_EQ(
      find({fails(ConnectionError{"no server", facts}), fails(PoolTimeoutError{"all lent", facts}),
            fails(TimeoutError{"late", facts}), fails(QueryError{"starting up", facts}),
            says(Fate::not_told), says(Fate::committed)}),
      Fate::committed);
  EXPECT_EQ(ended, std::vector<bool>(6, false));
  EXPECT_EQ(clock.pauses, (std::vector<nanoseconds>{2ms, 4ms, 8ms, 16ms, 32ms}));
}

TEST_F(CommitInquiry, EndsTheSession_WhenTheTransactionStaysUnderWay) {
  EXPECT_EQ(
      find({says(Fate::under_way), fails(ConnectionError{"away", facts}), says(Fate::under_way),
            says(Fate::under_way), says(Fate::under_way), says(Fate::rolled_back)}),
      Fate::rolled_back);
  EXPECT_EQ(ended, (std::vector<bool>{false, false, false, false, true, true}));
}

TEST_F(CommitInquiry, GivesUp_WhenAskingAgainCannotHelp) {
  EXPECT_EQ(find({fails(AuthenticationError{"wrong password", facts})}), Fate::unknown);
  EXPECT_EQ(find({fails(InvalidArgument{"this thread holds them all"})}), Fate::unknown);
  EXPECT_EQ(ended.size(), 2U);
}

TEST_F(CommitInquiry, EndsWithTheDeadline_AndNeverSleepsAcrossIt) {
  EXPECT_EQ(find({says(Fate::under_way)}, Deadline::at(Deadline::Clock::now())), Fate::unknown);
  EXPECT_EQ(ended.size(), 1U);
  EXPECT_TRUE(clock.pauses.empty());
  EXPECT_EQ(find({says(Fate::not_told)}, Deadline::after(20ms)), Fate::unknown);
  EXPECT_LE(*std::max_element(clock.pauses.begin(), clock.pauses.end()), 16ms);
}

TEST_F(CommitInquiry, LetsWhatIsNobodysDoingPass) {
  EXPECT_THROW(find({fails(std::bad_alloc{})}), std::bad_alloc);
}

}  // namespace
}  // namespace flowdb
