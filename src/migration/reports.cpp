#include "migration/reports.hpp"

#include <algorithm>

namespace flowdb::migration {

AppliedMigration to_applied(const HistoryRow& row) {
  return {.version = display_version(row),
          .description = row.description,
          .script = row.script,
          .installed_by = row.installed_by,
          .installed_on = row.installed_on,
          .execution_time = std::max(row.execution_time, std::chrono::milliseconds::zero()),
          .success = row.success};
}

PendingMigration to_pending(const MigrationFile& file) {
  return {.version = display_version(file.name),
          .description = file.name.description,
          .script = file.script};
}

MigrationProblem to_problem(const Problem& problem) {
  return {problem.text, problem.script, problem.line, problem.column};
}

std::vector<MigrationProblem> to_problems(const std::vector<Problem>& problems) {
  std::vector<MigrationProblem> result;
  for (const auto& problem : problems) result.push_back(to_problem(problem));
  return result;
}

}  // namespace flowdb::migration
