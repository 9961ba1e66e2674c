#pragma once

#include <string>

namespace flowdb::tds_server {

/// The .sql files of this folder in order, compiled in.
std::string type_catalogue();

}  // namespace flowdb::tds_server
