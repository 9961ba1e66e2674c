#pragma once

#include <cstdint>

namespace flowdb {

/// A number that tells a process from those that it was forked from. Reads memory that the kernel
/// wipes in a child (MADV_WIPEONFORK, madvise(2)), which a call of getpid() costs a hundred times.
/// Thread-safe.
std::uint64_t process_identity() noexcept;

}  // namespace flowdb
