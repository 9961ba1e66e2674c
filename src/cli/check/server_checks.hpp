#pragma once

#include <flowdb/database_manager.hpp>

#include "cli/check/finding.hpp"

/// What a server that can be reached says about itself and about the role. What cannot be seen is a
/// warning, never an exception.
namespace flowdb::cli::check {

/// Whether the role is to make tables: whether there are migrations.
struct Expected {
  bool makes_tables = false;
};

void look_at_postgresql(DatabaseManager& database, const Expected& expected, Findings& findings);
void look_at_sqlserver(DatabaseManager& database, const Expected& expected, Findings& findings);

}  // namespace flowdb::cli::check
