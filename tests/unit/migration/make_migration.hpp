#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "migration/history_row.hpp"
#include "migration/migration_file.hpp"

namespace flowdb::migration {

/// A migration as if it had been read from a directory.
inline MigrationFile make_file(const std::string& script, std::string contents = "SELECT 1;\n") {
  MigrationFile file;
  file.name = parse_file_name(script).value();
  file.script = script;
  file.checksum = checksum(contents, script);
  file.raw_checksum = raw_checksum(contents);
  file.contents = std::move(contents);
  return file;
}

/// The row that applying the file would have left.
inline HistoryRow make_row(const MigrationFile& file, int installed_rank = 1) {
  HistoryRow row;
  row.version_rank = installed_rank;
  row.installed_rank = installed_rank;
  row.version = history_version(file.name);
  row.description = file.name.description;
  row.script = file.script;
  row.checksum = file.checksum;
  row.installed_on = "2024-01-15T10:30:00.000000Z";
  return row;
}

}  // namespace flowdb::migration
