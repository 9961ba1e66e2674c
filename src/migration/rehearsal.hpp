#pragma once

#include <flowdb/migration_reports.hpp>

#include "migration/workplace.hpp"

namespace flowdb::migration {

/// See flowdb::Migrator::plan(). Waits for a run elsewhere to end.
MigrationPlan rehearse(const Workplace& place);

}  // namespace flowdb::migration
