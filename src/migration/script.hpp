#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
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
  /// All of it in one transaction with its row in the history; otherwise each statement for itself.
  bool is_transactional = true;
  std::shared_ptr<const MigrationFile> expanded = {};  ///< `file`, if placeholders were replaced

  std::string_view text_of(const sql::ScriptStatement& statement) const {
    return std::string_view{file->contents}.substr(statement.begin,
                                                   statement.end - statement.begin);
  }
};

/// Takes the script apart and adds what cannot be run to `problems`, with file, line and column:
/// text that cannot be taken apart, what the dialect objects to, a name that does not fit the
/// history.
Script check_script(const MigrationFile& file, const SqlDialect& dialect,
                    std::vector<Problem>& problems);
/// The same for the file with its placeholders replaced.
Script check_script(const MigrationFile& file, const SqlDialect& dialect,
                    const std::map<std::string, std::string>& placeholders,
                    std::vector<Problem>& problems);

/// What is wrong at that place of the file's contents, with the line it stands in.
Problem problem_at(const MigrationFile& file, std::size_t offset, const std::string& text);

/// Line and column of a place of the file's contents, in the file as it was written.
sql::Position position_in(const MigrationFile& file, std::size_t offset);
/// Of the beginning of a statement of the script; without a walk over the file unless placeholders
/// were replaced.
sql::Position position_of(const Script& script, const sql::ScriptStatement& statement);
/// The line as it was written, and a caret; see excerpt().
std::string excerpt_of(const MigrationFile& file, std::size_t offset);

/// `V007__Add_index.sql:12:8`
std::string place(const MigrationFile& file, const sql::Position& position);

}  // namespace flowdb::migration
