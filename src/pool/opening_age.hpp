#pragma once

#include <chrono>

namespace flowdb::pool {

/// An opening that has lasted so long is not counted on by those who come later, nor against the
/// limit of concurrent ones, and the breaker takes it for a failure: the server may have been
/// silent when it began, and be well now.
constexpr std::chrono::seconds kStaleOpening{3};

}  // namespace flowdb::pool
