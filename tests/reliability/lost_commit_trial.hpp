#pragma once

#include "reliability/trial_run.hpp"

namespace flowdb::reliability {

/// Settings `before` and `after`: so many COMMITs get lost before and after the server has seen
/// them, in an order and ways that the seed decides. Each transaction must end well, and have
/// written what it wrote once.
void run_lost_commit_trial(TrialRun& trial);

}  // namespace flowdb::reliability
