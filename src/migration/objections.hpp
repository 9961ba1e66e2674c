#pragma once

#include <string>

namespace flowdb::migration {

/// The objections that scripts for every kind of server may meet.
std::string transaction_control_objection(const std::string& statement);
/// `remedy`: `use …, or run it`, which the text ends in `apart from the migrations`.
std::string non_transactional_objection(const std::string& statement, const std::string& remedy);

/// What to do about a table schema_version that is not flowdb's.
inline constexpr const char* kForeignTableAdvice =
    "The table has not the columns of a history of flowdb's; rename it, or put it into another "
    "schema. (A history of Flyway 4's is taken over when it is named flyway_schema_history.)";

}  // namespace flowdb::migration
