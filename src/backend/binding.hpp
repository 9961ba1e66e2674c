#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <flowdb/value.hpp>

#include "sql/statement.hpp"

namespace flowdb::backend {

/// A statement's text for the server and the values for its placeholders, in their order.
struct Binding {
  const std::string* text = nullptr;  ///< the statement's own, or `expanded`
  std::string expanded;               ///< when a list had to be written out
  std::vector<const Value*> values;
};

/// The value of each of the statement's names, in their order.
/// \throws InvalidArgument for a missing or surplus parameter, naming it; for a NUL in a text.
void find_values(const sql::ParsedStatement& statement, const Params& params,
                 std::vector<const Value*>& by_name);

/// Finds the value of every parameter of the statement. PostgreSQL: a list that stands alone in
/// `IN (:ids)` becomes `= ANY ($1)`, `NOT IN` becomes `<> ALL ($1)`, so that an empty one is the
/// empty set and the text stays the same for every length; a list among others is written out. A
/// value that is sent without a type (a text, a JSON, NULL) gets a placeholder for each of its
/// uses, as the server finds a type for each by itself, unless the statement compares its
/// expressions with each other (GROUP BY); where it is only asked for NULL, its type is text.
/// \throws InvalidArgument for a missing or surplus parameter, naming it; for a NUL in a text.
void bind_numbered(const sql::ParsedStatement& statement, const Params& params, Binding& binding);

/// Refuses what execute_query() and its kin do not take: an empty text, several statements,
/// transaction control, COPY. \throws InvalidArgument that names the right call.
void check_single_statement(const sql::ParsedStatement& statement,
                            const std::string& database_name);
/// \throws InvalidArgument: `verb` begins or ends a transaction, for which there are calls.
[[noreturn]] void refuse_transaction_control(std::string_view verb,
                                             const std::string& database_name);

}  // namespace flowdb::backend
