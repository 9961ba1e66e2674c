#pragma once

#include <flowdb/migration_reports.hpp>

#include "migration/workplace.hpp"

namespace flowdb::migration {

/// See flowdb::Migrator::baseline().
BaselineReport baseline(const Workplace& place);

}  // namespace flowdb::migration
