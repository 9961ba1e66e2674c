#pragma once

#include <map>
#include <string>
#include <vector>

#include "migration/migration_file.hpp"
#include "migration/problem.hpp"

namespace flowdb::migration {

/// Replaces each `${name}` by its value, wherever it stands: in strings, names and comments as
/// well. A name of none is left as it is and added to `problems` with its place. Names are compared
/// without regard to the case of ASCII letters.
void replace_placeholders(MigrationFile& file, const std::map<std::string, std::string>& values,
                          std::vector<Problem>& problems);

}  // namespace flowdb::migration
