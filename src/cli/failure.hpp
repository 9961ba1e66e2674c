#pragma once

#include <exception>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "cli/exit_code.hpp"

namespace flowdb::cli {

/// What went wrong, for people and for scripts.
struct Failure {
  ExitCode exit_code = ExitCode::unexpected;
  std::string kind;  ///< `MigrationError`, as the class is called
  std::string message;
  std::string sqlstate;
  std::string script;
  int line = 0;
  int column = 0;

  /// `{"error": {…}}`
  nlohmann::json to_json() const;
};

Failure describe(const std::exception_ptr& exception);

}  // namespace flowdb::cli
