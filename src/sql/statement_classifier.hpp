#pragma once

#include <cstddef>
#include <string>

#include "sql/dialect.hpp"
#include "sql/statement_kind.hpp"
#include "sql/token.hpp"

namespace flowdb::sql {

/// Tells what one statement does from its words, taken in one by one.
class StatementClassifier {
 public:
  explicit StatementClassifier(const Dialect& dialect) noexcept : dialect_(dialect) {}

  /// Takes each token of the statement in turn but comments and the `;` that ends it.
  void add(const Token& token);

  StatementKind kind() const noexcept { return kind_; }
  /// The first word, in upper case; empty when the statement starts with none.
  const std::string& verb() const noexcept { return verb_; }
  /// See ParsedStatement::touches_session().
  bool touches_session() const noexcept { return touches_session_; }

 private:
  enum class Part {
    start,        ///< nothing seen but opening parentheses
    with_name,    ///< behind WITH, or a comma: a name comes
    with_query,   ///< the rest of a WITH's entry, or the statement behind them all
    explain,      ///< EXPLAIN's options
    second_word,  ///< the word that decides what the first means
    body,         ///< nothing more to learn from the words' places
  };

  void start(const Token& token);
  void set_verb(const Token& word);
  void add_to_with(const Token& token);
  void add_to_explain(const Token& token);
  void add_second(const Token& token);
  void add_to_body(const Token& word);

  Dialect dialect_;
  Part part_ = Part::start;
  StatementKind kind_ = StatementKind::empty;
  std::string verb_;
  Token previous_;
  std::size_t depth_ = 0;       // of parentheses
  std::size_t base_depth_ = 0;  // where the first word stands
  bool selects_ = false;        // INTO would make it a write
  bool touches_session_ = false;
};

}  // namespace flowdb::sql
