#include "support/tds_server/session/interpreter.hpp"

#include <utility>

#include "support/tds_server/postgres/error_numbers.hpp"
#include "support/tds_server/tsql/statement_end.hpp"

namespace flowdb::tds_server {

Lexemes slice_of(const Lexemes& lexemes, std::size_t begin, std::size_t end) {
  Lexemes taken{lexemes.begin() + static_cast<std::ptrdiff_t>(begin),
                lexemes.begin() + static_cast<std::ptrdiff_t>(end)};
  taken.push_back({LexemeKind::end, {}, lexemes[end].line, true});
  return taken;
}

std::vector<std::pair<std::size_t, std::size_t>> split_at_commas(const Lexemes& lexemes,
                                                                 std::size_t begin,
                                                                 std::size_t end) {
  std::vector<std::pair<std::size_t, std::size_t>> parts;
  std::size_t from = begin;
  for (std::size_t i = begin; i < end; ++i) {
    if (lexemes[i].is_symbol("(")) {
      i = closing_parenthesis(lexemes, i);
    } else if (lexemes[i].is_symbol(",")) {
      parts.emplace_back(from, i);
      from = i + 1;
    }
  }
  if (from < end) parts.emplace_back(from, end);
  return parts;
}

void Interpreter::batch(const std::string& sql) {
  Variables variables;
  try {
    run_text(sql, variables);
  } catch (const SqlError& error) {
    failed(error);
  }
}

void Interpreter::finish() {
  if (!transactions_->is_doomed()) return;
  transactions_->abandon(*response_);
  response_->add_error({3998,
                        "Uncommittable transaction is detected at the end of the batch. The "
                        "transaction is rolled back."});
  response_->add_done(command::kOther, std::nullopt, true);
}

void Interpreter::run_text(const std::string& sql, Variables& variables) {
  run(parse_program(sql), variables);
}

Interpreter::Flow Interpreter::run(const std::vector<Node>& nodes, Variables& variables) {
  for (const Node& node : nodes) {
    const Flow flow = run(node, variables);
    if (flow != Flow::next) return flow;
  }
  return Flow::next;
}

Interpreter::Flow Interpreter::run(const Node& node, Variables& variables) {
  switch (node.kind) {
    case NodeKind::simple:
      return guarded_statement(node.lexemes, variables);
    case NodeKind::block:
      return run(node.body, variables);
    case NodeKind::loop:
      return loop(node, variables);
    case NodeKind::guarded:
      return guarded(node, variables);
    case NodeKind::condition:
      break;
  }
  bool holds = false;
  try {
    holds = runner_->condition(node.lexemes, variables);
  } catch (const SqlError& error) {
    return failed(error);
  }
  return run(holds ? node.body : node.otherwise, variables);
}

Interpreter::Flow Interpreter::loop(const Node& node, Variables& variables) {
  try {
    while (runner_->condition(node.lexemes, variables)) {
      const Flow flow = run(node.body, variables);
      if (flow == Flow::ends) return flow;
      if (flow == Flow::breaks) break;
    }
  } catch (const SqlError& error) {
    return failed(error);
  }
  return Flow::next;
}

Interpreter::Flow Interpreter::guarded(const Node& node, Variables& variables) {
  ++tries_;
  try {
    const Flow flow = run(node.body, variables);
    --tries_;
    return flow;
  } catch (const SqlError& error) {
    --tries_;
    return handle(node, error, variables);
  } catch (...) {
    --tries_;
    throw;
  }
}

/// Runs the CATCH, which may ask what it is about.
Interpreter::Flow Interpreter::handle(const Node& node, const SqlError& error,
                                      Variables& variables) {
  const std::optional<SqlError> outer = std::exchange(state_->caught, error);
  try {
    const Flow flow = run(node.otherwise, variables);
    state_->caught = outer;
    return flow;
  } catch (...) {
    state_->caught = outer;
    throw;
  }
}

Interpreter::Flow Interpreter::guarded_statement(const Lexemes& lexemes, Variables& variables) {
  try {
    const Flow flow = simple(lexemes, variables);
    state_->last_error = 0;
    return flow;
  } catch (const PostgresFailure& failure) {
    if (link_->is_broken()) throw Disconnected("the session was ended");
    return failed(sql_server_error(failure.result(), transactions_->is_snapshot()));
  } catch (SqlError& error) {
    if (error.line() == 0) error.set_line(lexemes.front().line);
    return failed(error);
  }
}

/// The error is the client's, or the TRY's that is open.
Interpreter::Flow Interpreter::failed(SqlError error) {
  state_->last_error = error.number();
  state_->row_count = 0;
  if (state_->settings.xact_abort && error.scope() == ErrorScope::statement) {
    error.set_scope(ErrorScope::transaction);
  }
  if (error.scope() == ErrorScope::transaction && tries_ > 0) {
    transactions_->doom();
  } else if (error.scope() == ErrorScope::transaction) {
    transactions_->abandon(*response_);
  }
  if (tries_ > 0) throw error;
  response_->add_error(error);
  response_->add_done(command::kOther, std::nullopt, true);
  return error.scope() == ErrorScope::statement ? Flow::next : Flow::ends;
}

}  // namespace flowdb::tds_server
