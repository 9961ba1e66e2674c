#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/testing/mock_database_manager.hpp>

#include "testing/answer.hpp"
#include "testing/mock_channels.hpp"

namespace flowdb::testing {

/// Without white space at its ends, each piece of it within as one blank.
std::string fold_white_space(std::string_view text);

/// The statement of DatabaseManager::notify(), or what a flow calls in its stead in a transaction:
/// `SELECT pg_notify(:channel, :payload)`.
bool is_notify(const Call& call);

/// The scripted server: shared by a MockDatabaseManager, its expectations and its connections.
/// Thread-safe; what the test's own functions do happens outside of the lock.
class MockState {
 public:
  using Matcher = std::function<bool(const Call&)>;

  /// Returns the number under which the expectation is added to.
  std::size_t add_expectation(Matcher matcher);
  void add_answer(std::size_t expectation, Answer answer);
  void add_delay(std::size_t expectation, std::chrono::milliseconds delay);
  void limit(std::size_t expectation, int count);
  /// The answer of the latest expectation that matches and is not used up. Throws what the
  /// matchers throw.
  std::optional<Answer> answer_for(const Call& call);

  void set_strict(bool strict);
  bool is_strict() const;
  void refuse_connections(int count);
  bool take_refusal();  ///< whether this attempt to connect is to fail
  void lose_next_commit();
  bool take_lost_commit();  ///< whether this COMMIT is to be lost

  void record(const Call& call);
  void count_commit();
  void count_rollback();
  std::vector<Call> calls() const;
  std::size_t commits() const;
  std::size_t rollbacks() const;
  void clear_calls();

  MockChannels& channels() noexcept { return channels_; }

 private:
  struct Script {
    Matcher matcher;
    std::vector<Answer> answers = {};
    std::size_t next = 0;
    std::optional<int> uses_left = {};
    std::chrono::milliseconds delay{0};  // of the answer that is still to be added

    Answer take_answer();
  };

  /// Latest first.
  std::vector<std::shared_ptr<Script>> usable_scripts() const;

  MockChannels channels_;

  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Script>> scripts_;
  std::vector<Call> calls_;
  std::size_t commits_ = 0;
  std::size_t rollbacks_ = 0;
  int refusals_ = 0;
  bool loses_commit_ = false;
  bool strict_ = true;
};

}  // namespace flowdb::testing
