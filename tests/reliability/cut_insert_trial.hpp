#pragma once

#include "reliability/trial_run.hpp"

namespace flowdb::reliability {

/// An INSERT with retry on a new connection and on one in use, each cut at every `step`th byte of
/// what the client sends, or of what the server answers; where the first cut is the seed decides.
/// There is at most one row afterwards, exactly one when the call succeeded, and the call must
/// succeed when the cut came before the statement's first byte.
void run_cut_insert_trial(TrialRun& trial);

}  // namespace flowdb::reliability
