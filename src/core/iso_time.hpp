#pragma once

#include <chrono>
#include <string>

namespace flowdb::core {

/// ISO 8601 in UTC with microseconds: `2024-01-15T10:30:00.123456Z`. Always of one width, so that
/// such texts sort as their times do.
std::string iso_time(std::chrono::system_clock::time_point time);

}  // namespace flowdb::core
