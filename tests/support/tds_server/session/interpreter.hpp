#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/tds_server/session/statement_runner.hpp"
#include "support/tds_server/tsql/program.hpp"

namespace flowdb::tds_server {

/// An argument of a procedure; the procedure changes those that are for output.
struct Argument {
  std::string name{};  ///< with its `@`, in lower case; empty when it goes by its place
  Variable variable{};
  bool is_output = false;
};

/// Runs T-SQL: batches and procedures, with their control of flow. What fails is told to the
/// client, unless a TRY takes it. For one request.
class Interpreter {
 public:
  Interpreter(StatementRunner& runner, SessionState& state, Transactions& transactions,
              PostgresLink& link, Response& response)
      : runner_{&runner},
        state_{&state},
        transactions_{&transactions},
        link_{&link},
        response_{&response} {}

  void batch(const std::string& sql);
  /// Behind the request's last statement: a transaction that can only be rolled back is.
  void finish();
  /// Returns the procedure's return status.
  std::int32_t call(const std::string& procedure, std::vector<Argument>& arguments);

 private:
  enum class Flow { next, breaks, continues, ends };
  using Slice = std::pair<std::size_t, std::size_t>;

  // interpreter.cpp
  void run_text(const std::string& sql, Variables& variables);
  Flow run(const std::vector<Node>& nodes, Variables& variables);
  Flow run(const Node& node, Variables& variables);
  Flow loop(const Node& node, Variables& variables);
  Flow guarded(const Node& node, Variables& variables);
  Flow handle(const Node& node, const SqlError& error, Variables& variables);
  Flow guarded_statement(const Lexemes& lexemes, Variables& variables);
  Flow failed(SqlError error);

  // interpreter_statements.cpp
  Flow simple(const Lexemes& lexemes, Variables& variables);
  bool transaction_statement(const Lexemes& lexemes, Variables& variables);
  void declare(const Lexemes& lexemes, Variables& variables);
  void set(const Lexemes& lexemes, Variables& variables);
  void set_option(const Lexemes& lexemes);
  void wait_for(const Lexemes& lexemes, Variables& variables);
  void change_database(const Lexemes& lexemes);
  void kill(const Lexemes& lexemes);
  std::optional<std::string> value(const Lexemes& lexemes, Slice where, const DataType& type,
                                   const Variables& variables);
  std::string text(const Lexemes& lexemes, Slice where, const Variables& variables);

  // interpreter_errors.cpp
  void raise_error(const Lexemes& lexemes, Variables& variables);
  void throw_error(const Lexemes& lexemes, Variables& variables);

  // interpreter_procedures.cpp
  void execute(const Lexemes& lexemes, Variables& variables);
  Argument argument(const Lexemes& lexemes, Slice where, const Variables& variables);
  void run_with(const PreparedStatement& statement, std::vector<Argument>& arguments,
                std::size_t first);
  std::int32_t prepared_call(const std::string& procedure, std::vector<Argument>& arguments);
  std::int32_t take_lock(const std::vector<Argument>& arguments);
  std::int32_t release_lock(const std::vector<Argument>& arguments);

  StatementRunner* runner_;
  SessionState* state_;
  Transactions* transactions_;
  PostgresLink* link_;
  Response* response_;
  int tries_ = 0;
};

/// The lexemes of a slice, with an end behind them.
Lexemes slice_of(const Lexemes& lexemes, std::size_t begin, std::size_t end);
/// What stands between the commas of one level.
std::vector<std::pair<std::size_t, std::size_t>> split_at_commas(const Lexemes& lexemes,
                                                                 std::size_t begin,
                                                                 std::size_t end);

}  // namespace flowdb::tds_server
