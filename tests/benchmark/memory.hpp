#pragma once

#include <functional>

namespace flowdb::benchmark {

/// By how many MiB the resident memory of a new process grows at most while it
/// runs `body`, after it ran `warm_up`. The process is a fork of this one,
/// which must have no threads. \throws std::runtime_error when either of them
/// fails.
double peak_memory_growth(const std::function<void()>& warm_up, const std::function<void()>& body);

}  // namespace flowdb::benchmark
