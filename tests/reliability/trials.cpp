#include "reliability/cut_insert_trial.hpp"
#include "reliability/lost_commit_trial.hpp"
#include "reliability/migration_trial.hpp"
#include "reliability/mixed_load_trial.hpp"
#include "reliability/own_answer_trial.hpp"
#include "reliability/transfer_trials.hpp"
#include "reliability/trial.hpp"

namespace flowdb::reliability {

using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<Trial>& all_trials() {
  static const std::vector<Trial> trials{
      {"migrations",
       "Migrations run exactly once, however many processes start together and are killed.",
       minutes{30},
       minutes{2},
       {{"processes", 32, 12}, {"rounds", 50, 2}},
       run_migration_trial},
      {"killed_server",
       "Transfers lose no money and no acknowledgement when the server is killed again and again.",
       minutes{5},
       seconds{5},
       {{"tellers", 16, 8}, {"between_kills", 200, 200}},
       run_killed_server_trial},
      {"promoted_standby",
       "The same when the server is killed and its synchronous standby is promoted.",
       minutes{5},
       seconds{5},
       {{"tellers", 16, 8}, {"between_kills", 200, 200}},
       run_promoted_standby_trial},
      {"lost_commits",
       "A COMMIT whose answer is lost is resolved, rightly, when the server can be asked again.",
       {},
       {},
       {{"before", 500, 50}, {"after", 500, 50}},
       run_lost_commit_trial},
      {"cut_inserts",
       "An INSERT with retry is there at most once, wherever the connection is cut.",
       {},
       {},
       {{"step", 1, 61}},
       run_cut_insert_trial},
      {"own_answers",
       "Nobody gets another's answer, and no cancellation hits another statement.",
       minutes{5},
       seconds{10},
       {{"threads", 64, 64}},
       run_own_answer_trial},
      {"mixed_load",
       "Under load and faults memory and file descriptors stay what they are.",
       minutes{30},
       seconds{20},
       {{"threads", 8, 8}, {"memory", 1, 1}},
       run_mixed_load_trial},
  };
  return trials;
}

}  // namespace flowdb::reliability
