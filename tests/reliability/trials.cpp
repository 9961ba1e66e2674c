#include "reliability/migration_trial.hpp"
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
  };
  return trials;
}

}  // namespace flowdb::reliability
