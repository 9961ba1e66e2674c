#pragma once

namespace flowdb::sql {

/// How a dialect writes the place of a bound value: `$1`, used again by the same name, or `?`, one
/// for each use.
enum class Placeholder { numbered, question_mark };

/// What a dialect's lexer must know beside the placeholder.
struct Dialect {
  Placeholder placeholder = Placeholder::numbered;
  bool dollar_quotes = true;      ///< $$…$$, $tag$…$tag$, $1 and E'': PostgreSQL
  bool square_brackets = false;   ///< [name] quotes an identifier; @name, #name: SQL Server
  bool statement_blocks = false;  ///< BEGIN … END groups statements: SQL Server
};

Dialect postgresql_dialect() noexcept;
Dialect sqlserver_dialect() noexcept;

}  // namespace flowdb::sql
