#include "reliability/own_answer_trial.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"

namespace flowdb::reliability {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = TrialRun::Clock;

constexpr milliseconds kEnough{60'000};

class OwnAnswerTrial {
 public:
  explicit OwnAnswerTrial(TrialRun& trial) : trial_(trial) {}

  void run() {
    std::vector<std::thread> threads;
    for (int index = 0; index < trial_.setting("threads"); ++index) {
      threads.emplace_back([this, index] { ask(static_cast<std::uint64_t>(index)); });
    }
    for (auto& thread : threads) thread.join();
    trial_.figure("answers", answers_);
    trial_.figure("timeouts", timeouts_);
    trial_.figure("connections", static_cast<std::int64_t>(proxy_.accepted_connections()));
    trial_.expect(timeouts_ > 0 && answers_ > timeouts_, "the timeouts were not near the calls");
  }

 private:
  static test_support::ChaosOptions disturbances(std::uint64_t seed) {
    return {.seed = seed,
            .to_server_delay = {0us, 2000us},
            .to_client_delay = {0us, 2000us},
            .slice = 40};
  }
  static DatabaseOptions options() {
    DatabaseOptions options;
    options.pool_size = 64;
    options.max_overflow = 0;
    return options;
  }

  void ask(std::uint64_t thread) {
    auto random = trial_.random(1 + thread);
    auto number = static_cast<std::int64_t>(thread) << 32U;
    while (!trial_.is_time_up()) {
      const bool is_hasty = random() % 10 == 0;
      // Around what it takes, which is measured as it changes with the load.
      const auto percent = static_cast<std::int64_t>(random() % 200);
      const milliseconds near{1 + usual_ * percent / 100};
      call(++number, is_hasty ? near : kEnough, is_hasty);
    }
  }

  void call(std::int64_t number, milliseconds timeout, bool is_hasty) {
    const auto started = Clock::now();
    try {
      const auto answer = db_.execute_query_with_timeout("SELECT :id", {{"id", number}}, timeout)
                              .scalar<std::int64_t>();
      trial_.expect(answer == number,
                    std::to_string(number) + " was answered " + std::to_string(answer));
      ++answers_;
      const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - started).count();
      usual_ = (usual_ * 7 + took + 4) / 8;
    } catch (const Error& error) {
      // The time may also have been up while it waited for a connection.
      const bool is_late = Clock::now() - started >= timeout - 5ms;
      trial_.expect(is_hasty && is_late, "after " + std::to_string((Clock::now() - started) / 1ms) +
                                             " of " + std::to_string(timeout.count()) +
                                             " ms: " + error.what());
      ++timeouts_;
    }
  }

  TrialRun& trial_;
  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url(), disturbances(trial_.seed())};
  DatabaseManager db_ = test::manager_for(proxy_.url(), options());
  std::atomic<std::int64_t> usual_{20};  // milliseconds
  std::atomic<std::int64_t> answers_{0};
  std::atomic<std::int64_t> timeouts_{0};
};

}  // namespace

void run_own_answer_trial(TrialRun& trial) {
  OwnAnswerTrial{trial}.run();
}

}  // namespace flowdb::reliability
