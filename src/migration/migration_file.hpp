#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/migration_options.hpp>

#include "migration/source_map.hpp"
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
  std::string contents;  ///< UTF-8, a BOM at the start stripped, placeholders replaced
  std::int32_t checksum = 0;
  std::int32_t raw_checksum = 0;  ///< of the file's bytes: what Flyway 3 and Pyway have stored
  SourceMap source = {};          ///< where `contents` comes from, if placeholders were replaced
};

/// A SQL file that is a callback.
struct CallbackFile {
  MigrationEvent event = MigrationEvent::before_migrate;
  MigrationFile file;  ///< its name is no migration's
};

/// What a project has for one database.
struct MigrationFiles {
  std::string location;  ///< a directory, or `embedded:{database}`
  /// In version order; repeatable ones behind, by description.
  std::vector<MigrationFile> migrations = {};
  std::vector<CallbackFile> callbacks = {};  ///< in the order of their file names
};

/// `V{version}__{description}.sql`, `R__…`, `U{version}__…`, `B{version}__…`. The prefix is
/// case-sensitive, the suffix is not. nullopt: not meant to be a migration (another ending, or a
/// hidden file: its name begins with a dot).
/// \throws MigrationError for any other name that ends in .sql; says what is wrong with it and,
/// where it can be told, what to rename it to.
std::optional<FileName> parse_file_name(const std::string& file_name);

/// The event of a callback's file, `beforeMigrate.sql` or `beforeMigrate__Check_rights.sql`;
/// nullopt for any other name.
std::optional<MigrationEvent> parse_callback_name(const std::string& file_name);

/// CRC32 over the lines' bytes without their terminators (`\n`, `\r\n`, `\r`), one BOM at the start
/// stripped, as a signed 32-bit number: Flyway's ChecksumCalculator.
/// \throws MigrationError when the text is not valid UTF-8 (names script and line).
std::int32_t checksum(std::string_view contents, const std::string& script);

/// CRC32 of the bytes as they are.
std::int32_t raw_checksum(std::string_view contents) noexcept;

}  // namespace flowdb::migration
