#pragma once

#include <stdexcept>
#include <vector>

#include <flowdb/result_set.hpp>

#include "migration/history_row.hpp"

namespace flowdb::migration {

inline constexpr const char* kFlywayTable = "flyway_schema_history";
inline constexpr const char* kPywayTable = "pyway";

/// What is wrong with another tool's history, and what to do about it.
class ForeignHistoryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The rows of another tool's table (all its columns, by installed_rank) as schema_version is to
/// hold them: Flyway 3 (which has version_rank), Flyway 4 and later (which has not) or Pyway (which
/// has `extension`). The checksums are the tool's own: PlanProblems knows both ways of counting. Of
/// several rows of one version or repeatable script the one in force keeps the version, the others
/// become former rows; Flyway's rows about schemas that it has created are left out.
/// \throws ForeignHistoryError when the columns are no such tool's, or a row cannot be understood.
std::vector<HistoryRow> adopted_rows(const ResultSet& result);

}  // namespace flowdb::migration
