#pragma once

#include <functional>

#include "support/tds_server/postgres/link.hpp"
#include "support/tds_server/protocol/response.hpp"
#include "support/tds_server/session/faults.hpp"
#include "support/tds_server/session/session_state.hpp"
#include "support/tds_server/session/transactions.hpp"
#include "support/tds_server/tsql/rewriter.hpp"

namespace flowdb::tds_server {

/// Hands single statements to PostgreSQL, and the rows to the client. Throws SqlError for what
/// PostgreSQL refuses. For one request.
class StatementRunner {
 public:
  /// `look` is called now and then between rows, and throws to end the statement.
  StatementRunner(PostgresLink& link, SessionState& state, Transactions& transactions,
                  Response& response, std::function<void()> look)
      : link_{&link},
        state_{&state},
        transactions_{&transactions},
        response_{&response},
        look_{std::move(look)} {}

  /// `error` comes in place of the row behind so many rows.
  void fail_after(std::uint64_t rows, const SqlError& error) {
    planned_error_ = error;
    planned_after_ = rows;
  }

  /// For a statement that is not PostgreSQL's to run: throws what is planned.
  void fail_as_planned() const {
    if (planned_error_) throw SqlError{*planned_error_};
  }

  void statement(const Lexemes& lexemes, Variables& variables);
  /// The value of an expression as a text that `type` reads.
  std::optional<std::string> value(const Lexemes& expression, const DataType& type,
                                   const Variables& variables);
  bool condition(const Lexemes& lexemes, const Variables& variables);
  /// The first cell of PostgreSQL's own SQL; the client sees nothing of it.
  std::optional<std::string> own_sql(const std::string& sql);

 private:
  using Rewrite = std::function<Rewritten(const RewriteContext&)>;

  Rewritten prepared(const Rewrite& rewrite, const Variables& variables);
  Result run(const Rewritten& rewritten, const Variables& variables,
             const std::function<void(const PGresult*)>& row);
  std::optional<std::string> first_cell(const Rewrite& rewrite, const Variables& variables);
  void translated(const std::function<void()>& work);
  void rows_to_client(const Rewritten& rewritten, const Variables& variables, const Lexeme& verb);

  PostgresLink* link_;
  SessionState* state_;
  Transactions* transactions_;
  Response* response_;
  std::function<void()> look_;
  std::optional<SqlError> planned_error_{};
  std::uint64_t planned_after_ = 0;
};

}  // namespace flowdb::tds_server
