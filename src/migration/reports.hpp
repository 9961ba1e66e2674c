#pragma once

#include <vector>

#include <flowdb/migration_reports.hpp>

#include "migration/history_row.hpp"
#include "migration/migration_file.hpp"
#include "migration/problem.hpp"

namespace flowdb::migration {

AppliedMigration to_applied(const HistoryRow& row);
PendingMigration to_pending(const MigrationFile& file);
MigrationProblem to_problem(const Problem& problem);
std::vector<MigrationProblem> to_problems(const std::vector<Problem>& problems);

}  // namespace flowdb::migration
