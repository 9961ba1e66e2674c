#include "testing/mock_state.hpp"

#include <algorithm>
#include <utility>

#include "core/ascii.hpp"

namespace flowdb::testing {

std::string fold_white_space(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  bool after_space = false;
  for (const char c : text) {
    if (is_space(c)) {
      after_space = true;
      continue;
    }
    if (after_space && !folded.empty()) {
      folded.push_back(' ');
    }
    folded.push_back(c);
    after_space = false;
  }
  return folded;
}

bool is_notify(const Call& call) {
  const auto text = fold_white_space(call.sql);
  return text == "SELECT pg_notify(:channel, :payload)" ||
         text == "SELECT pg_catalog.pg_notify(:channel, :payload)";
}

Answer MockState::Script::take_answer() {
  if (uses_left) {
    --*uses_left;
  }
  Answer answer;
  const bool is_last = next + 1 >= answers.size();
  if (!answers.empty()) {
    answer = answers[next];
    next += is_last ? 0 : 1;
  }
  if (is_last) {
    answer.delay += delay;
  }
  return answer;
}

std::size_t MockState::add_expectation(Matcher matcher) {
  const std::lock_guard lock{mutex_};
  scripts_.push_back(std::make_shared<Script>(Script{std::move(matcher)}));
  return scripts_.size() - 1;
}

void MockState::add_answer(std::size_t expectation, Answer answer) {
  const std::lock_guard lock{mutex_};
  auto& script = *scripts_.at(expectation);
  answer.delay = std::exchange(script.delay, std::chrono::milliseconds::zero());
  script.answers.push_back(std::move(answer));
}

void MockState::add_delay(std::size_t expectation, std::chrono::milliseconds delay) {
  const std::lock_guard lock{mutex_};
  scripts_.at(expectation)->delay += delay;
}

void MockState::limit(std::size_t expectation, int count) {
  const std::lock_guard lock{mutex_};
  scripts_.at(expectation)->uses_left = count;
}

std::vector<std::shared_ptr<MockState::Script>> MockState::usable_scripts() const {
  const std::lock_guard lock{mutex_};
  std::vector<std::shared_ptr<Script>> usable;
  std::copy_if(scripts_.rbegin(), scripts_.rend(), std::back_inserter(usable),
               [](const auto& script) { return script->uses_left != 0; });
  return usable;
}

std::optional<Answer> MockState::answer_for(const Call& call) {
  for (const auto& script : usable_scripts()) {
    if (!script->matcher(call)) {
      continue;
    }
    const std::lock_guard lock{mutex_};
    if (script->uses_left != 0) {  // another thread may have used it up by now
      return script->take_answer();
    }
  }
  return std::nullopt;
}

void MockState::set_strict(bool strict) {
  const std::lock_guard lock{mutex_};
  strict_ = strict;
}

bool MockState::is_strict() const {
  const std::lock_guard lock{mutex_};
  return strict_;
}

void MockState::refuse_connections(int count) {
  const std::lock_guard lock{mutex_};
  refusals_ = count;
}

bool MockState::take_refusal() {
  const std::lock_guard lock{mutex_};
  const bool is_refused = refusals_ > 0;
  refusals_ -= is_refused ? 1 : 0;
  return is_refused;
}

void MockState::lose_next_commit() {
  const std::lock_guard lock{mutex_};
  loses_commit_ = true;
}

bool MockState::take_lost_commit() {
  const std::lock_guard lock{mutex_};
  return std::exchange(loses_commit_, false);
}

void MockState::record(const Call& call) {
  const std::lock_guard lock{mutex_};
  calls_.push_back(call);
}

void MockState::count_commit() {
  const std::lock_guard lock{mutex_};
  ++commits_;
}

void MockState::count_rollback() {
  const std::lock_guard lock{mutex_};
  ++rollbacks_;
}

std::vector<Call> MockState::calls() const {
  const std::lock_guard lock{mutex_};
  return calls_;
}

std::size_t MockState::commits() const {
  const std::lock_guard lock{mutex_};
  return commits_;
}

std::size_t MockState::rollbacks() const {
  const std::lock_guard lock{mutex_};
  return rollbacks_;
}

void MockState::clear_calls() {
  const std::lock_guard lock{mutex_};
  calls_.clear();
  commits_ = 0;
  rollbacks_ = 0;
}

}  // namespace flowdb::testing
