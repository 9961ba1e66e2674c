#include "reliability/migration_trial.hpp"
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
  };
  return trials;
}

}  // namespace flowdb::reliability
