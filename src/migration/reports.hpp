#pragma once

#include <flowdb/reports.hpp>

#include "migration/history_row.hpp"
#include "migration/migration_file.hpp"

namespace flowdb::migration {

AppliedMigration to_applied(const HistoryRow& row);
PendingMigration to_pending(const MigrationFile& file);

}  // namespace flowdb::migration
