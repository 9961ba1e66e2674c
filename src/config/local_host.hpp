#pragma once

#include <string>

namespace flowdb::config {

/// Whether nothing can listen in between: the default socket (empty), a path, `@abstract`,
/// localhost, 127.0.0.0/8, ::1.
bool is_local_host(const std::string& host);

}  // namespace flowdb::config
