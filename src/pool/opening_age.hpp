#pragma once

#include <chrono>

namespace flowdb::pool {

/// An opening that has lasted so long is not counted on by those who come later, nor against the
/// limit of concurrent ones: the server may have been silent when it began, and be well now.
constexpr std::chrono::seconds kStaleOpening{3};
/// After so long the breaker takes it for a failure. Who waits for it goes on waiting: some servers
/// take their time to wake up.
constexpr std::chrono::seconds kOverdueOpening{5};

}  // namespace flowdb::pool
