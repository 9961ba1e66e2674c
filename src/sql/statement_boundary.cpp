#include "sql/statement_boundary.hpp"

namespace flowdb::sql {

bool StatementBoundary::ends_statement(const Token& token) noexcept {
  if (dialect_.statement_blocks) {
    follow_block(token);
  } else if (head_ == Head::routine && token.kind == TokenKind::word) {
    follow_atomic_body(token);
  }
  follow_head(token);
  previous_ = token;

  if (token.is_symbol('(')) ++parentheses_;
  if (token.is_symbol(')') && parentheses_ > 0) --parentheses_;
  const bool batch_goes_on = dialect_.statement_blocks && head_ == Head::routine;
  if (!token.is_symbol(';') || parentheses_ > 0 || blocks_ > 0 || batch_goes_on) return false;
  *this = StatementBoundary{dialect_};
  return true;
}

void StatementBoundary::follow_head(const Token& token) noexcept {
  const bool batches = dialect_.statement_blocks;
  if (head_ == Head::start) {
    const bool creates = token.is_word("CREATE") || (batches && token.is_word("ALTER"));
    head_ = creates ? Head::create : Head::other;
  } else if (head_ == Head::create && !token.is_one_of("OR", "REPLACE", "ALTER")) {
    const bool routine =
        token.is_one_of("FUNCTION", "PROCEDURE") || (batches && token.is_one_of("PROC", "TRIGGER"));
    head_ = routine ? Head::routine : Head::other;
  }
}

/// Each statement of a body ends with a `;`, and none begins with END: an END elsewhere is a CASE's
/// or a name. https://www.postgresql.org/docs/15/sql-createfunction.html
void StatementBoundary::follow_atomic_body(const Token& word) noexcept {
  if (parentheses_ > 0) return;
  if (previous_.is_word("BEGIN") && word.is_word("ATOMIC")) {
    ++blocks_;
  } else if (blocks_ > 0 && word.is_word("END") &&
             (previous_.is_symbol(';') || previous_.is_word("ATOMIC"))) {
    --blocks_;
  }
}

/// BEGIN opens a block unless it begins a transaction or a Service Broker conversation.
void StatementBoundary::follow_block(const Token& token) noexcept {
  if (previous_.is_word("BEGIN") &&
      !token.is_one_of("TRAN", "TRANSACTION", "DISTRIBUTED", "DIALOG", "CONVERSATION")) {
    ++blocks_;
  }
  if (blocks_ == 0) return;
  if (token.is_word("CASE")) ++blocks_;
  if (token.is_word("END")) --blocks_;
}

}  // namespace flowdb::sql
