#pragma once

#include <cstdint>

namespace flowdb::reliability {

/// What this process has of the system.
struct Resources {
  std::int64_t resident_bytes = 0;
  std::int64_t file_descriptors = 0;
};

/// After free memory has been given back.
Resources measure_resources();

}  // namespace flowdb::reliability
