#pragma once

#include "reliability/trial_run.hpp"

namespace flowdb::reliability {

/// `threads` threads ask for a number of their own, through a network that delays and slices; one
/// call in ten has a timeout near what a call takes. Nobody gets another's answer, no call fails
/// that had time enough, and none is told that its statement was cancelled when its time was not
/// up.
void run_own_answer_trial(TrialRun& trial);

}  // namespace flowdb::reliability
