#pragma once

namespace flowdb::cli {

/// What a script can ask for behind a call. README.md, "The flowdb command", has the same list.
enum class ExitCode {
  done = 0,
  found_something = 1,      ///< the answer is no: lint, validate, plan, check, health found it
  wrong_call = 2,           ///< an unknown option, a missing argument
  wrong_configuration = 3,  ///< a setting is missing or malformed
  no_connection = 4,        ///< the database cannot be reached, or not in time
  migration_failed = 5,     ///< a migration was refused or failed; what was before it stays
  statement_failed = 6,     ///< the server refused another statement
  outcome_unknown = 7,      ///< the answer to a COMMIT was lost: look before running it again
  unexpected = 8,           ///< anything else, such as output that cannot be written
};

}  // namespace flowdb::cli
