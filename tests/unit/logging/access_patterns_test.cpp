#include "logging/access_patterns.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowdb::logging {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// The patterns of a database whose time is the test's.
class Accesses {
 public:
  explicit Accesses(const AccessWatchOptions& options) : patterns_(options) {}

  void pass(std::chrono::milliseconds time) { now_ += time; }
  void one(const AccessPatterns::Access& access = {}) {
    for (auto& text : patterns_.note(access, now_)) told_.push_back(std::move(text));
  }
  /// `count` of them, evenly over the next `time`.
  void many(std::size_t count, std::chrono::milliseconds time,
            const AccessPatterns::Access& access = {}) {
    const auto begin = now_;
    for (std::size_t i = 0; i < count; ++i) {
      now_ = begin + time * static_cast<long>(i) / static_cast<long>(count);
      one(access);
    }
    now_ = begin + time;
  }
  std::vector<std::string> told() { return std::exchange(told_, {}); }

 private:
  AccessPatterns patterns_;
  TimePoint now_{};
  std::vector<std::string> told_;
};

constexpr AccessPatterns::Access failure{.has_failed = true};
constexpr AccessPatterns::Access refused_login{.has_failed = true, .was_refused_login = true};

TEST(AccessPatterns, TellOnceOfABurstOfErrors) {
  Accesses accesses{{}};
  accesses.many(19, 10s, failure);
  accesses.many(100, 10s);
  EXPECT_THAT(accesses.told(), IsEmpty());
  accesses.one(failure);
  EXPECT_THAT(accesses.told(), ElementsAre("unusual=error_burst failures=20 within_s=60"));
  accesses.many(1000, 10min, failure);
  EXPECT_THAT(accesses.told(), IsEmpty()) << "it goes on";
  accesses.pass(1min);
  accesses.many(20, 59s, failure);
  EXPECT_THAT(accesses.told(), ElementsAre("unusual=error_burst failures=20 within_s=60"))
      << "another one, after a minute without";
}

TEST(AccessPatterns, TakeNoOffenceAtErrorsNowAndThen) {
  Accesses accesses{{}};
  accesses.many(1000, 1000 * 4s, failure);
  EXPECT_THAT(accesses.told(), IsEmpty());
}

TEST(AccessPatterns, TellOnceOfRefusedLogins) {
  Accesses accesses{{.error_burst = 0}};
  accesses.many(2, 1s, refused_login);
  accesses.many(500, 1min, failure);
  EXPECT_THAT(accesses.told(), IsEmpty());
  accesses.many(50, 1min, refused_login);
  EXPECT_THAT(accesses.told(),
              ElementsAre("unusual=authentication_failures failures=3 within_s=300"));
}

TEST(AccessPatterns, TellOnceOfARateThatRisesOrFallsSuddenly) {
  Accesses accesses{{}};
  for (int minute = 0; minute < 10; ++minute) accesses.many(2000, 1min);
  EXPECT_THAT(accesses.told(), IsEmpty());
  accesses.many(30'000, 1min);
  EXPECT_THAT(accesses.told(),
              ElementsAre("unusual=rate_change operations=20000 usual=2000 within_s=60"))
      << "as soon as it is there";
  for (int minute = 0; minute < 60; ++minute) accesses.many(30'000, 1min);
  EXPECT_THAT(accesses.told(), IsEmpty()) << "it has become usual";
  accesses.many(100, 1min);
  accesses.one();
  EXPECT_THAT(accesses.told(),
              ElementsAre("unusual=rate_change operations=100 usual=30000 within_s=60"));
  for (int minute = 0; minute < 60; ++minute) accesses.many(100, 1min);
  EXPECT_THAT(accesses.told(), IsEmpty());
}

TEST(AccessPatterns, TakeNoOffenceAtABeginning_APause_OrSmallNumbers) {
  Accesses accesses{{}};
  accesses.many(50'000, 1min);
  EXPECT_THAT(accesses.told(), IsEmpty()) << "nothing is usual yet";
  for (int minute = 0; minute < 10; ++minute) accesses.many(50'000, 1min);
  accesses.many(100, 1s);
  accesses.pass(10min);
  accesses.many(50'000, 1min);
  EXPECT_THAT(accesses.told(), IsEmpty()) << "it had nothing to do";

  Accesses few{{}};
  for (int minute = 0; minute < 10; ++minute) few.many(3, 1min);
  few.many(900, 1min);
  few.many(3, 1min);
  EXPECT_THAT(few.told(), IsEmpty());
}

TEST(AccessPatterns, AreSilent_WhenSwitchedOff) {
  Accesses accesses{no_access_watch};
  for (int minute = 0; minute < 10; ++minute) accesses.many(2000, 1min, refused_login);
  accesses.many(100'000, 1min, refused_login);
  EXPECT_THAT(accesses.told(), IsEmpty());
}

}  // namespace
}  // namespace flowdb::logging
