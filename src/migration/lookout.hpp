#pragma once

#include <flowdb/migration_reports.hpp>

#include "migration/history.hpp"
#include "migration/workplace.hpp"

namespace flowdb::migration {

/// What can be seen without writing. Each takes three round trips at most, unless something is
/// wrong or there is no history yet.
/// \throws MigrationError for a history that cannot be read; what a Connection throws when it is
/// lost or the deadline passes.
MigrationStatus status(const Workplace& place, const CallLimits& limits);
MigrationOverview overview(const Workplace& place, const CallLimits& limits);
MigrationValidation validation(const Workplace& place, const CallLimits& limits);

}  // namespace flowdb::migration
