#include "backend/postgresql/preparing.hpp"

#include <algorithm>
#include <cstddef>

#include "backend/postgresql/column_types.hpp"
#include "backend/postgresql/statement_run.hpp"

namespace flowdb::backend::postgresql {
namespace {

constexpr Oid kUntyped = 0;

/// Where the server has taken a parameter without a type for one of these, a later change of the
/// column's type can make the statement fail, but never store something else than was sent. A text
/// that it took for a date would lose its time, should the column have become a timestamp.
bool keeps_what_it_is_given(Oid type) noexcept {
  switch (type) {
    case 19:    // name
    case 25:    // text
    case 114:   // json
    case 1042:  // character(n)
    case 1043:  // character varying
    case 3802:  // jsonb
      return true;
    default:
      return false;
  }
}

bool is_lasting(const PreparedStatements::Statement& statement, const PGresult* description) {
  for (std::size_t i = 0; i < statement.types.size(); ++i) {
    if (statement.types[i] == kUntyped &&
        !keeps_what_it_is_given(PQparamtype(description, static_cast<int>(i)))) {
      return false;
    }
  }
  return true;
}

/// Binary when every column can be read so: the server then has less to write, and there is nothing
/// to parse.
int result_format(const PGresult* description) {
  const int columns = PQnfields(description);
  for (int column = 0; column < columns; ++column) {
    if (!is_readable_in_binary(PQftype(description, column))) {
      return 0;
    }
  }
  return 1;
}

}  // namespace

void prepare(Link& link, PreparedStatements::Statement& statement, sql::StatementKind kind,
             const ErrorContext& context, const Deadline& deadline) {
  {
    StatementRun run{link, context, Effect::none, deadline};
    run.sent(PQsendPrepare(link.handle, statement.name.c_str(), statement.text.c_str(),
                           static_cast<int>(statement.types.size()), statement.types.data()));
    run.finish();
  }
  statement.prepared = true;
  const bool is_untyped =
      std::find(statement.types.begin(), statement.types.end(), kUntyped) != statement.types.end();
  if (!is_untyped && kind != sql::StatementKind::read) {
    return;
  }
  StatementRun run{link, context, Effect::none, deadline};
  run.sent(PQsendDescribePrepared(link.handle, statement.name.c_str()));
  const auto description = run.next();
  run.finish();
  statement.is_lasting = is_lasting(statement, description.get());
  if (kind == sql::StatementKind::read) {
    statement.result_format = result_format(description.get());
  }
}

}  // namespace flowdb::backend::postgresql
