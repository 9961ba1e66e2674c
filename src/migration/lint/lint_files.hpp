#pragma once

#include <flowdb/lint.hpp>
#include <flowdb/options.hpp>

#include "migration/migration_file.hpp"

namespace flowdb::migration::lint {

/// Looks at what a project has for one database; see lint_migrations().
LintReport lint_files(const MigrationFiles& files, DatabaseType type, const LintOptions& options);

}  // namespace flowdb::migration::lint
