#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace flowdb::test_support {

/// One query as psql sent it.
struct PsqlQuery {
  std::string text;       ///< with comments within it and the `;` behind it
  std::string copy_data;  ///< of a COPY … FROM STDIN
};

/// What psql makes of a script: runs `psql -f script` against a server within this process that
/// answers every query with success, and gives back what it was sent. Throws std::runtime_error.
std::vector<PsqlQuery> record_psql(const std::filesystem::path& script);

}  // namespace flowdb::test_support
