#pragma once

#include <optional>
#include <string>
#include <vector>

#include <flowdb/migration_reports.hpp>

#include "cli/invocation.hpp"

/// What several commands tell people.
namespace flowdb::cli {

/// `V003`, or `none`.
std::string version_or_none(const std::optional<std::string>& version);

/// A table of what was done, `heading` above it.
void print_applied(const Invocation& call, const MigrationReport& report, const std::string& done);

/// Each with what to do about it; nothing when there are none.
void print_problems(const Invocation& call, const std::vector<MigrationProblem>& problems);

/// `1 migration`, `3 migrations`.
std::string counted(std::size_t count, const std::string& noun);

}  // namespace flowdb::cli
