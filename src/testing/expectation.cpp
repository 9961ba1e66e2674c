#include <algorithm>
#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "testing/mock_state.hpp"

namespace flowdb::testing {
namespace {

/// Longer than any deadline; keeps sums of delays far from what a duration can hold.
constexpr std::chrono::hours kLongestDelay{24 * 365};

}  // namespace

Expectation::Expectation(std::shared_ptr<MockState> state, std::size_t index)
    : state_(std::move(state)), index_(index) {}

Expectation& Expectation::returns(ResultSet rows) {
  return answers([rows = std::move(rows)](const Call&) { return rows; });
}

Expectation& Expectation::answers(std::function<ResultSet(const Call&)> answer) {
  if (answer == nullptr) {
    throw InvalidArgument("Expectation::answers() needs a function");
  }
  state_->add_answer(index_, {.compute = std::move(answer)});
  return *this;
}

Expectation& Expectation::disconnects_before() {
  state_->add_answer(index_, {.kind = Answer::Kind::disconnect_before});
  return *this;
}

Expectation& Expectation::disconnects_after() {
  state_->add_answer(index_, {.kind = Answer::Kind::disconnect_after});
  return *this;
}

Expectation& Expectation::delayed_by(std::chrono::milliseconds delay) {
  if (delay < std::chrono::milliseconds::zero()) {
    throw InvalidArgument("Expectation::delayed_by() needs a delay that is not negative");
  }
  state_->add_delay(index_, std::min<std::chrono::milliseconds>(delay, kLongestDelay));
  return *this;
}

Expectation& Expectation::times(int count) {
  if (count < 0) {
    throw InvalidArgument("Expectation::times() needs a count that is not negative");
  }
  state_->limit(index_, count);
  return *this;
}

}  // namespace flowdb::testing
