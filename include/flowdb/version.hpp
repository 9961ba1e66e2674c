#pragma once

#include <string_view>

// The version of these headers, by Semantic Versioning. CMake and the packages read it from here.
// Until 1.0 each minor version may change the interface, so its name is part of every symbol
// (`flowdb::v0_1`): headers of one version do not link with a library of another.
#define FLOWDB_VERSION_MAJOR 0
#define FLOWDB_VERSION_MINOR 1
#define FLOWDB_VERSION_PATCH 0

namespace flowdb {
inline namespace v0_1 {

/// The version of the library that the program is linked with: `0.1.0`.
std::string_view version() noexcept;

}  // namespace v0_1
}  // namespace flowdb
