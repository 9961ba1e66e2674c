#include "reliability/transfer_trials.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

#include "reliability/bank.hpp"
#include "support/connection_url.hpp"
#include "support/postgres_cluster.hpp"

namespace flowdb::reliability {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using test_support::PostgresCluster;
using test_support::Replication;

constexpr std::chrono::seconds kLongestPause{
    3};  // of the writes, from when there is a server again
constexpr int kFewestRounds = 2;

/// What both trials do round after round.
class Rounds {
 public:
  Rounds(TrialRun& trial, Bank& bank) : trial_(trial), bank_(bank) {}

  /// `kill` ends the server, `recover` returns when there is one again, and `restore` makes
  /// everything ready for the next round.
  template <class Kill, class Recover, class Restore>
  void run(const Kill& kill, const Recover& recover, const Restore& restore) {
    bank_.open(trial_.setting("tellers"));
    while (rounds_ < kFewestRounds || !trial_.is_time_up()) {
      ++rounds_;
      if (!wait_for_work()) break;
      kill();
      const auto before = bank_.acknowledged();
      recover();
      if (!wait_for_first(before)) break;
      bank_.check_total();
      restore();
    }
    bank_.close();
    bank_.audit();
    trial_.figure("kills", rounds_);
    trial_.figure("longest pause in ms", longest_pause_.count());
  }

 private:
  /// So many transfers that something may be lost, and then for a moment that chance decides.
  bool wait_for_work() {
    const auto count = bank_.acknowledged() + trial_.setting("between_kills");
    if (!trial_.expect(bank_.wait_until_acknowledged(count), "the transfers do not go on")) {
      return false;
    }
    std::this_thread::sleep_for(milliseconds{random_() % 200});
    return true;
  }

  /// Those who were at it when the server went have their answers already.
  bool wait_for_first(std::int64_t before) {
    const auto start = TrialRun::Clock::now();
    const bool is_going_on = bank_.wait_until_acknowledged(before + 1);
    const auto pause = duration_cast<milliseconds>(TrialRun::Clock::now() - start);
    longest_pause_ = std::max(longest_pause_, pause);
    trial_.expect(pause <= kLongestPause, "writes resumed after " + std::to_string(pause.count()) +
                                              " ms, in round " + std::to_string(rounds_));
    return is_going_on;
  }

  TrialRun& trial_;
  Bank& bank_;
  std::mt19937_64 random_ = trial_.random(0);
  int rounds_ = 0;
  milliseconds longest_pause_{0};
};

}  // namespace

void run_killed_server_trial(TrialRun& trial) {
  PostgresCluster server;
  Bank bank{trial, server.url()};
  Rounds{trial, bank}.run([&] { server.kill(); }, [&] { server.restart(); }, [] {});
}

void run_promoted_standby_trial(TrialRun& trial) {
  PostgresCluster first;
  PostgresCluster second{first, Replication::synchronous};
  auto* primary = &first;
  auto* standby = &second;
  Bank bank{trial, test_support::url_of_several({first.url(), second.url()}) +
                       "&target_session_attrs=read-write"};
  Rounds{trial, bank}.run([&] { primary->kill(); }, [&] { standby->promote(); },
                          [&] {
                            std::swap(primary, standby);
                            standby->follow(*primary, Replication::synchronous);
                          });
}

}  // namespace flowdb::reliability
