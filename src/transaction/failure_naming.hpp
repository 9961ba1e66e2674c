#pragma once

#include <string>

namespace flowdb {

/// For catch clauses: throws what is under way again; an InvalidArgument that names no database is
/// given this one.
[[noreturn]] void rethrow_naming_database(const std::string& database_name);

/// For catch clauses: throws the failure of one statement of a list again, with its number in the
/// text. The class stays, but for a QueryError, which is nested in the TransactionError that it is
/// for the list.
[[noreturn]] void rethrow_naming_statement(int index);

/// The same for a QueryError of the transaction itself, as from a COMMIT.
[[noreturn]] void rethrow_naming_commit();

}  // namespace flowdb
