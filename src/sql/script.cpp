#include "sql/script.hpp"

#include <utility>

#include "sql/lexer.hpp"
#include "sql/statement_boundary.hpp"
#include "sql/statement_classifier.hpp"

namespace flowdb::sql {

namespace {

/// Goes through a script statement by statement.
class ScriptSplitter {
 public:
  ScriptSplitter(std::string_view text, const Dialect& dialect)
      : dialect_(dialect),
        lexer_(text, dialect),
        boundary_(dialect),
        classifier_(dialect),
        positions_(text) {}

  std::vector<ScriptStatement> run() && {
    for (auto token = lexer_.next(); token.kind != TokenKind::end; token = lexer_.next()) {
      if (token.kind != TokenKind::comment) add(token);
    }
    end_statement();
    return std::move(statements_);
  }

 private:
  void add(const Token& token) {
    if (boundary_.ends_statement(token)) {
      end_statement();
      return;
    }
    if (classifier_.kind() == StatementKind::empty) begin_ = token.begin;
    classifier_.add(token);
    end_ = token.end();
  }

  void end_statement() {
    if (classifier_.kind() == StatementKind::empty) return;
    statements_.push_back(
        {begin_, end_, positions_.advance_to(begin_), classifier_.kind(), classifier_.verb()});
    classifier_ = StatementClassifier{dialect_};
  }

  Dialect dialect_;
  Lexer lexer_;
  StatementBoundary boundary_;
  StatementClassifier classifier_;
  PositionCounter positions_;
  std::vector<ScriptStatement> statements_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

std::vector<ScriptStatement> split_script(std::string_view text, const Dialect& dialect) {
  return ScriptSplitter{text, dialect}.run();
}

}  // namespace flowdb::sql
