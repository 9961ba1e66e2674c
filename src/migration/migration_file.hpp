#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migration/version.hpp"

namespace flowdb::migration {

enum class MigrationKind { versioned, repeatable, undo, baseline };

/// A script's file name taken apart; see parse_file_name().
struct FileName {
  MigrationKind kind = MigrationKind::versioned;
  std::optional<Version> version;  ///< none for a repeatable script
  std::string description;         ///< underscores are spaces
};

/// One migration as it lies in the project.
struct MigrationFile {
  FileName name;
  std::string script;    ///< the file's name, as stored in the history
  std::string contents;  ///< UTF-8, a BOM at the start stripped
  std::int32_t checksum = 0;
};

/// `V{version}__{description}.sql`, `R__…`, `U{version}__…`, `B{version}__…`. The prefix is
/// case-sensitive, the suffix is not. nullopt: not meant to be a migration (another ending, or a
/// hidden file: its name begins with a dot).
/// \throws MigrationError for any other name that ends in .sql; says what is wrong with it and,
/// where it can be told, what to rename it to.
std::optional<FileName> parse_file_name(const std::string& file_name);

/// CRC32 over the lines' bytes without their terminators (`\n`, `\r\n`, `\r`), one BOM at the start
/// stripped, as a signed 32-bit number: Flyway's ChecksumCalculator.
/// \throws MigrationError when the text is not valid UTF-8 (names script and line).
std::int32_t checksum(std::string_view contents, const std::string& script);

/// All migrations of a directory and of those below it (hidden ones left out) in version order;
/// repeatable ones behind, by description. A directory that does not exist holds none.
/// \throws MigrationError for a bad name, two files of one kind and version (names both and the
/// next free version) or two repeatable ones of one description, a file that cannot be read or is
/// not UTF-8.
std::vector<MigrationFile> read_directory(const std::filesystem::path& directory);

}  // namespace flowdb::migration
