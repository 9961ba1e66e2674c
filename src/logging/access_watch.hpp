#pragma once

#include "logging/log.hpp"

namespace flowdb::logging {

/// Counts an operation, and warns when it completes an unusual pattern. Costs a few loads when
/// all is switched off. Never throws.
void watch_access(const Operation& operation) noexcept;

}  // namespace flowdb::logging
