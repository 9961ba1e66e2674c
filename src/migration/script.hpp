#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "migration/migration_file.hpp"
#include "migration/problem.hpp"
#include "migration/sql_dialect.hpp"
#include "sql/script.hpp"
#include "sql/text_position.hpp"

namespace flowdb::migration {

/// A migration taken apart. Points to its file.
struct Script {
  const MigrationFile* file = nullptr;
  std::vector<sql::ScriptStatement> statements;  ///< what is sent as one message each
};

/// Takes the script apart and adds what cannot be run to `problems`, with file, line and column:
/// text that cannot be taken apart, what the dialect objects to, a name that does not fit the
/// history.
Script check_script(const MigrationFile& file, const SqlDialect& dialect,
                    std::vector<Problem>& problems);

/// `V007__Add_index.sql:12:8`
std::string place(const MigrationFile& file, const sql::Position& position);

}  // namespace flowdb::migration
