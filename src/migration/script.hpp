#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "migration/migration_file.hpp"
#include "migration/problem.hpp"
#include "sql/script.hpp"
#include "sql/text_position.hpp"

namespace flowdb::migration {

/// A migration taken apart. Points to its file.
struct Script {
  const MigrationFile* file = nullptr;
  std::vector<sql::ScriptStatement> statements;
};

/// Takes the script apart and adds what cannot be run to `problems`, with file, line and column:
/// text that cannot be taken apart, a BEGIN or COMMIT of its own, a statement that cannot run
/// within a transaction, COPY from the client, a psql command, a name that does not fit the
/// history.
Script check_script(const MigrationFile& file, std::vector<Problem>& problems);

/// `V007__Add_index.sql:12:8`
std::string place(const MigrationFile& file, const sql::Position& position);

}  // namespace flowdb::migration
