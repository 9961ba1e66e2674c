#pragma once

#include <string>

namespace flowdb::migration::postgresql {

/// What to write instead of a command of psql's, such as `\connect`.
std::string client_command_objection(const std::string& command);

}  // namespace flowdb::migration::postgresql
