#pragma once

#include "reliability/trial_run.hpp"

namespace flowdb::reliability {

/// All kinds of calls by `threads` threads, and faults of all kinds: cut and silent connections,
/// sessions that the server ends. After a part of the time, and at the end, all is brought to rest
/// and measured: resident memory may have grown by 1 MiB in ten minutes (not looked at with
/// `memory=0`), the number of file descriptors must be the same. No call may exceed its deadline,
/// fail in another way than by an error that fits, or apply anything twice.
void run_mixed_load_trial(TrialRun& trial);

}  // namespace flowdb::reliability
