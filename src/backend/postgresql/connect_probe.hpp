#pragma once

#include <string>

#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

/// Why the server refuses a connection, as an SQLSTATE: libpq's error carries none, so this
/// connects once more and asks it to be verbose. Empty when the server could not be reached, or
/// when the deadline comes first.
std::string probe_refusal(const std::string& conninfo, const Deadline& deadline);

}  // namespace flowdb::backend::postgresql
