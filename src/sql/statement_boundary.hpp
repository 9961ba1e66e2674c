#pragma once

#include <cstddef>

#include "sql/dialect.hpp"
#include "sql/token.hpp"

namespace flowdb::sql {

/// Decides which `;` ends a statement. Those do not that stand in parentheses (CREATE RULE), in the
/// BEGIN ATOMIC … END body of a function or procedure (PostgreSQL), in BEGIN … END and in a
/// routine, whose body is the rest of the batch (SQL Server).
class StatementBoundary {
 public:
  explicit StatementBoundary(const Dialect& dialect) noexcept : dialect_(dialect) {}

  /// Takes each token in turn but comments; true for the `;` that ends a statement.
  bool ends_statement(const Token& token) noexcept;

 private:
  /// What the first words say: still a CREATE, a routine, anything else.
  enum class Head { start, create, routine, other };

  void follow_head(const Token& word) noexcept;
  void follow_atomic_body(const Token& word) noexcept;
  void follow_block(const Token& token) noexcept;

  Dialect dialect_;
  Token previous_;
  std::size_t parentheses_ = 0;
  std::size_t blocks_ = 0;
  Head head_ = Head::start;
};

}  // namespace flowdb::sql
