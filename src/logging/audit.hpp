#pragma once

#include "logging/log.hpp"

namespace flowdb::logging {

/// Writes an operation to the audit log, if there is one; otherwise it costs a relaxed load. Never
/// throws: what cannot be written is told of in the log.
void audit(const Operation& operation) noexcept;

}  // namespace flowdb::logging
