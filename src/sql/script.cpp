#include "sql/script.hpp"

#include <algorithm>
#include <utility>

#include "core/ascii.hpp"
#include "sql/lexer.hpp"
#include "sql/script_copy.hpp"
#include "sql/statement_boundary.hpp"
#include "sql/statement_classifier.hpp"

namespace flowdb::sql {

namespace {

bool is_backslash(const Token& token) noexcept {
  return token.is_symbol('\\') || token.kind == TokenKind::escaped_colon;
}

/// `\restrict` and `\unrestrict` as pg_dump writes them: with a key of letters and digits.
bool is_restriction(std::string_view command) {
  const auto space = command.find_first_of(" \t");
  if (space == std::string_view::npos) return false;
  const auto name = command.substr(0, space);
  const auto key = trim(command.substr(space));
  return (name == "\\restrict" || name == "\\unrestrict") && !key.empty() &&
         std::all_of(key.begin(), key.end(), is_alphanumeric);
}

/// Goes through a script statement by statement.
class ScriptSplitter {
 public:
  ScriptSplitter(std::string_view text, const Dialect& dialect)
      : text_(text),
        dialect_(dialect),
        lexer_(text, dialect),
        boundary_(dialect),
        classifier_(dialect),
        positions_(text) {}

  std::vector<ScriptStatement> run() && {
    auto token = lexer_.next();
    for (; token.kind != TokenKind::end; token = lexer_.next()) {
      if (is_backslash(token) && dialect_.dollar_quotes) {
        take_client_command(token.begin);
      } else if (token.kind != TokenKind::comment) {
        add(token);
      }
    }
    end_statement(text_.size());
    return std::move(statements_);
  }

 private:
  void add(const Token& token) {
    if (boundary_.ends_statement(token)) {
      end_statement(token.end());
      return;
    }
    if (is_empty()) begin_ = token.begin;
    classifier_.add(token);
    if (dialect_.dollar_quotes) copy_.add(token);
    end_ = token.end();
  }

  bool is_empty() const noexcept { return classifier_.kind() == StatementKind::empty; }

  /// \param behind where the text goes on: behind the `;`, if there is one.
  void end_statement(std::size_t behind) {
    if (!is_empty()) {
      push({begin_, end_, {}, classifier_.kind(), classifier_.verb()});
      if (copy_.is_found()) {
        const auto found = find_copy_data(text_, begin_, behind);
        statements_.back().copy_data = found.data;
        lexer_.skip_to(found.behind);
      }
    }
    classifier_ = StatementClassifier{dialect_};
    copy_ = {};
  }

  /// psql takes the rest of the line for the command, wherever in a statement it begins.
  void take_client_command(std::size_t begin) {
    const auto end = std::min(text_.find_first_of("\r\n", begin), text_.size());
    const auto command = trim(text_.substr(begin, end - begin));
    lexer_.skip_to(end);
    if (is_empty() && is_restriction(command)) return;
    end_statement(begin);
    boundary_ = StatementBoundary{dialect_};
    const std::string name{command.substr(0, command.find_first_of(" \t"))};
    push({begin, begin + command.size(), {}, StatementKind::other, name});
  }

  void push(ScriptStatement statement) {
    statement.position = positions_.advance_to(statement.begin);
    statements_.push_back(std::move(statement));
  }

  std::string_view text_;
  Dialect dialect_;
  Lexer lexer_;
  StatementBoundary boundary_;
  StatementClassifier classifier_;
  CopyFromStdin copy_;
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
