#pragma once

#include "reliability/trial_run.hpp"

namespace flowdb::reliability {

/// While tellers transfer money, the server is killed and started again, over and over.
void run_killed_server_trial(TrialRun& trial);

/// The same; but it is the synchronous standby that goes on in the primary's place, and the former
/// primary comes back as the standby of the latter.
void run_promoted_standby_trial(TrialRun& trial);

}  // namespace flowdb::reliability
