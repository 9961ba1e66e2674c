#pragma once

#include <string>
#include <vector>

namespace flowdb::migration {

/// Something that must be put right before migrations can run.
struct Problem {
  std::string text;         ///< what is wrong and what to do; one or more lines
  std::string script = {};  ///< the file it is about, if it is about one
  int line = 0;             ///< 1-based; 0: about the file as a whole
  int column = 0;           ///< 1-based, in characters
};

/// \throws MigrationError that lists all of them; its script, line and column are the first one's.
[[noreturn]] void throw_problems(const std::string& database_name,
                                 const std::vector<Problem>& problems);

}  // namespace flowdb::migration
