#include "support/tds_server/session/statement_runner.hpp"

#include <algorithm>

#include "support/tds_server/postgres/error_numbers.hpp"
#include "support/tds_server/session/result_columns.hpp"
#include "support/tds_server/tsql/type_names.hpp"

namespace flowdb::tds_server {
namespace {

constexpr std::uint64_t kRowsBetweenLooks = 16;

std::uint16_t command_of(const Lexeme& verb) {
  if (verb.is("SELECT")) return command::kSelect;
  if (verb.is("INSERT")) return command::kInsert;
  if (verb.is("UPDATE")) return command::kUpdate;
  if (verb.is("DELETE")) return command::kDelete;
  return command::kOther;
}

/// PostgreSQL could not tell a parameter's type from its place.
bool wants_types(std::string_view sqlstate) {
  return sqlstate == "42P18" || sqlstate == "42725" || sqlstate == "42883" || sqlstate == "42804" ||
         sqlstate == "42P08";
}

Cells cells_of(const PGresult* result) {
  Cells cells;
  for (int i = 0; i < PQnfields(result); ++i) {
    if (PQgetisnull(result, 0, i) == 1) {
      cells.emplace_back(std::nullopt);
    } else {
      cells.emplace_back(std::string_view{PQgetvalue(result, 0, i),
                                          static_cast<std::size_t>(PQgetlength(result, 0, i))});
    }
  }
  return cells;
}

}  // namespace

/// Runs work on PostgreSQL so that its refusals are SQL Server's, behind a savepoint.
void StatementRunner::translated(const std::function<void()>& work) {
  try {
    transactions_->guarded(work);
  } catch (const PostgresFailure& failure) {
    if (link_->is_broken()) throw Disconnected("the session was ended");
    const auto key = failure.sqlstate() == "23505" ? link_->key_kind(failure.result())
                                                   : KeyKind::unique_constraint;
    throw sql_server_error(failure.result(), transactions_->is_snapshot(), key);
  } catch (const std::out_of_range& failure) {
    throw SqlError{8115, std::string{"Arithmetic overflow: "} + failure.what()};
  }
}

Rewritten StatementRunner::prepared(const Rewrite& rewrite, const Variables& variables) {
  RewriteContext context;
  context.variables = &variables;
  context.database = state_->database;
  context.identity_insert = state_->settings.identity_insert;
  context.fact = [this](const std::string& name) {
    return session_fact(*state_, {transactions_->count(), transactions_->is_doomed()}, name);
  };
  Rewritten rewritten = rewrite(context);
  try {
    link_->prepare(rewritten.sql);
  } catch (const PostgresFailure& failure) {
    if (rewritten.parameters.empty() || !wants_types(failure.sqlstate())) throw;
    transactions_->restart_statement();
    context.type_all_parameters = true;
    rewritten = rewrite(context);
    link_->prepare(rewritten.sql);
  }
  return rewritten;
}

Result StatementRunner::run(const Rewritten& rewritten, const Variables& variables,
                            const std::function<void(const PGresult*)>& row) {
  std::vector<std::optional<std::string>> values;
  for (const auto& name : rewritten.parameters)
    values.push_back(variables.find(name)->second.value);
  return link_->run(values, row);
}

void StatementRunner::statement(const Lexemes& lexemes, Variables& variables) {
  translated([&] {
    const Rewritten rewritten = prepared(
        [&](const RewriteContext& context) {
          return Rewriter{lexemes, context}.statement();
        },
        variables);
    if (rewritten.assigned.empty()) {
      rows_to_client(rewritten, variables, lexemes.front());
      return;
    }
    std::uint64_t rows = 0;
    run(rewritten, variables, [&](const PGresult* result) {
      const Cells cells = cells_of(result);
      for (std::size_t i = 0; i < rewritten.assigned.size(); ++i) {
        const auto variable = variables.find(rewritten.assigned[i]);
        if (variable == variables.end()) {
          throw SqlError{137,
                         "Must declare the scalar variable \"" + rewritten.assigned[i] + "\"."};
        }
        variable->second.value.reset();
        if (cells[i]) variable->second.value = std::string{*cells[i]};
      }
      ++rows;
    });
    state_->row_count = rows;
  });
}

void StatementRunner::rows_to_client(const Rewritten& rewritten, const Variables& variables,
                                     const Lexeme& verb) {
  std::vector<Column> columns;
  std::uint64_t rows = 0;
  const Result end = run(rewritten, variables, [&](const PGresult* result) {
    const Cells cells = cells_of(result);
    if (rows == 0) {
      columns = result_columns(link_->columns_of(result), rewritten.labels, &cells);
      response_->add(columns_token(columns));
    }
    if (planned_error_ && rows >= planned_after_) throw SqlError{*planned_error_};
    response_->add(row_token(columns, cells));
    if (++rows % kRowsBetweenLooks == 0) look_();
  });
  const bool has_rows = PQnfields(end.get()) > 0;
  if (has_rows && rows == 0) {
    columns = result_columns(link_->columns_of(end.get()), rewritten.labels, nullptr);
    response_->add(columns_token(columns));
  }
  if (planned_error_) throw SqlError{*planned_error_};
  const std::string changed = PQcmdTuples(end.get());
  const bool counts = has_rows || !changed.empty();
  if (counts) rows = has_rows ? rows : std::stoull(changed);
  state_->row_count = rows;
  const bool silent = state_->settings.no_count || !counts;
  response_->add_done(command_of(verb), silent ? std::nullopt : std::optional{rows});
}

std::optional<std::string> StatementRunner::first_cell(const Rewrite& rewrite,
                                                       const Variables& variables) {
  std::optional<std::string> found;
  translated([&] {
    const Rewritten rewritten = prepared(rewrite, variables);
    run(rewritten, variables, [&found](const PGresult* result) {
      const Cells cells = cells_of(result);
      if (cells[0]) found = std::string{*cells[0]};
    });
  });
  return found;
}

std::optional<std::string> StatementRunner::value(const Lexemes& expression, const DataType& type,
                                                  const Variables& variables) {
  return first_cell(
      [&](const RewriteContext& context) {
        Rewritten rewritten = Rewriter{expression, context}.expression();
        rewritten.sql = "SELECT CAST((" + rewritten.sql + ") AS " + postgres_type(type) + ")";
        return rewritten;
      },
      variables);
}

bool StatementRunner::condition(const Lexemes& lexemes, const Variables& variables) {
  return first_cell(
             [&](const RewriteContext& context) {
               return Rewriter{lexemes, context}.condition();
             },
             variables) == "1";
}

std::optional<std::string> StatementRunner::own_sql(const std::string& sql) {
  return first_cell(
      [&sql](const RewriteContext&) {
        Rewritten rewritten;
        rewritten.sql = sql;
        return rewritten;
      },
      {});
}

}  // namespace flowdb::tds_server
