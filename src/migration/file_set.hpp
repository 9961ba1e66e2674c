#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migration/migration_file.hpp"

namespace flowdb::migration {

/// A file of a project's, not yet looked into.
struct SourceFile {
  std::string path;           ///< relative to the migrations' directory, `2024/V1__a.sql`
  std::string_view contents;  ///< must outlive the call
};

/// All migrations and callbacks of a directory and of those below it, hidden ones left out. A
/// directory that does not exist holds none.
/// \throws MigrationError for a bad name, two files of one kind and version (names both and the
/// next free version) or two repeatable ones of one description, a file that cannot be read or is
/// not UTF-8.
MigrationFiles read_directory(const std::filesystem::path& directory);

/// The same for files in memory.
MigrationFiles read_memory(std::string location, const std::vector<SourceFile>& files);

/// What is embedded in the program for that database; nullopt when nothing is.
std::optional<MigrationFiles> read_embedded(const std::string& database_name);

}  // namespace flowdb::migration
