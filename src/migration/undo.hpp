#pragma once

#include <flowdb/migration_reports.hpp>

#include "migration/workplace.hpp"

namespace flowdb::migration {

/// See flowdb::Migrator::undo(). What is to be undone is settled before the lock is asked for: of
/// several processes that try at once, one undoes it.
MigrationReport undo(const Workplace& place);

}  // namespace flowdb::migration
