#pragma once

namespace flowdb::backend {

/// A look at a socket that should be at rest, without a round trip: nothing has arrived, and the
/// other side has not closed. False for a descriptor that is none.
bool looks_alive(int descriptor) noexcept;

}  // namespace flowdb::backend
