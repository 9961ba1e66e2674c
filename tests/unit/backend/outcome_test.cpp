#include "backend/outcome.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/secret.hpp"

namespace flowdb::backend {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kName = "rpa_db";
const Secret kPassword;
const ErrorContext kContext{kName, kPassword, "query", "SELECT ?"};

template <class E, class Call>
E thrown_by(const Call& call) {
  try {
    call();
  } catch (const E& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

TEST(Outcome, OfALostAnswerIsKnown_WhereNothingCanHaveBeenApplied) {
  for (const auto effect : {Effect::preparation, Effect::none, Effect::clean_up}) {
    const auto error =
        thrown_by<ConnectionError>([&] { throw_lost(effect, "rpa_db: query failed.", {}); });
    EXPECT_TRUE(error.is_transient());
    EXPECT_FALSE(error.is_outcome_unknown());
    EXPECT_EQ(error.phase(), effect == Effect::preparation ? Phase::not_sent : Phase::sent);
  }
  for (const auto effect : {Effect::write, Effect::procedure, Effect::commit}) {
    const auto error =
        thrown_by<CommitUnknownError>([&] { throw_lost(effect, "rpa_db: query failed.", {}); });
    EXPECT_FALSE(error.is_transient());
    EXPECT_TRUE(error.is_outcome_unknown());
    EXPECT_EQ(error.phase(), effect == Effect::commit ? Phase::committing : Phase::sent);
    EXPECT_THAT(error.what(), HasSubstr("query failed. The connection was lost before the"));
  }
  const auto query =
      thrown_by<ConnectionError>([&] { throw_lost(Effect::query, "rpa_db: query failed.", {}); });
  EXPECT_TRUE(query.is_outcome_unknown()) << "what it calls may write";
  EXPECT_FALSE(query.is_transient());
}

TEST(Outcome, OfATimeoutIsWhatTheServerSaid) {
  struct Case {
    Effect effect;
    Cancellation cancellation;
    bool is_unknown;
  };
  const std::vector<Case> cases = {
      {Effect::none, Cancellation::silence, false},
      {Effect::query, Cancellation::silence, true},
      {Effect::query, Cancellation::agreed, false},
      {Effect::write, Cancellation::silence, true},
      {Effect::write, Cancellation::agreed, true},
      {Effect::write, Cancellation::confirmed, false},
      {Effect::procedure, Cancellation::confirmed, true},
      {Effect::commit, Cancellation::silence, true},
  };
  for (const auto& given : cases) {
    const auto error = thrown_by<TimeoutError>(
        [&] { throw_timeout(given.effect, kContext, given.cancellation, 1500ms, "57014"); });
    EXPECT_EQ(error.is_outcome_unknown(), given.is_unknown) << error.what();
    EXPECT_FALSE(error.is_transient());
    EXPECT_EQ(error.sqlstate(), "57014");
    EXPECT_THAT(error.what(), HasSubstr("rpa_db: query timed out after 1500 ms; "));
    EXPECT_THAT(error.what(), HasSubstr("Statement: SELECT ?"));
    const std::string text = error.what();
    EXPECT_EQ(text.find("look before running it again") != std::string::npos, given.is_unknown)
        << text;
  }
}

TEST(Outcome, OfAStatementThatWasNotSentIsNone) {
  const auto error = thrown_by<TimeoutError>([] { throw_too_late(kContext); });
  EXPECT_EQ(error.phase(), Phase::not_sent);
  EXPECT_FALSE(error.is_outcome_unknown());
}

}  // namespace
}  // namespace flowdb::backend
