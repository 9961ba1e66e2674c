#include "sql/statement.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include <flowdb/error.hpp>

#include "sql/fingerprint.hpp"
#include "sql/in_list_finder.hpp"
#include "sql/lexer.hpp"
#include "sql/null_test_finder.hpp"
#include "sql/statement_boundary.hpp"
#include "sql/statement_classifier.hpp"
#include "sql/text_position.hpp"

namespace flowdb::sql {

/// Fills a ParsedStatement in one pass over its source.
class StatementScanner {
 public:
  StatementScanner(ParsedStatement& result, const Dialect& dialect)
      : result_(result),
        dialect_(dialect),
        lexer_(result.source_, dialect),
        boundary_(dialect),
        classifier_(dialect),
        in_lists_(result.uses_),
        null_tests_(result.uses_) {}

  void run() {
    result_.text_.reserve(result_.source_.size());
    for (auto token = lexer_.next(); token.kind != TokenKind::end; token = lexer_.next()) {
      if (token.kind != TokenKind::comment) add(token);
    }
    end_statement();
    refuse_mixed_parameters();
    copy_up_to(result_.source_.size());
    result_.fingerprint_ = fingerprint_.take();
  }

 private:
  void add(const Token& token) {
    if (token.kind == TokenKind::parameter) add_parameter(token);
    if (token.kind == TokenKind::positional_parameter && !positional_) positional_ = token;
    if (token.kind == TokenKind::escaped_colon) {
      result_.escaped_colons_.push_back(token.begin);
      replace(token, ":");
    }
    in_lists_.add(token);
    null_tests_.add(token);
    if (token.is_one_of("GROUP", "DISTINCT")) result_.matches_expressions_ = true;
    fingerprint_.add(token);
    if (boundary_.ends_statement(token)) {
      end_statement();
    } else {
      classifier_.add(token);
    }
  }

  void add_parameter(const Token& token) {
    const auto name = token.text.substr(1);
    if (!std::all_of(name.begin(), name.end(), is_name_part)) {
      fail("A parameter's name is made of ASCII letters, digits and '_'; rename '" +
               std::string{token.text} + "', or write '\\:' for a plain colon",
           token);
    }
    const auto [known, is_new] = name_indexes_.try_emplace(name, result_.names_.size());
    if (is_new) result_.names_.emplace_back(name);
    ParameterUse use;
    use.name_index = known->second;
    use.begin = token.begin;
    use.end = token.end();
    result_.uses_.push_back(use);
    if (dialect_.placeholder == Placeholder::question_mark) {
      replace(token, "?");
    } else {
      replace(token, "$");
      result_.text_ += std::to_string(use.name_index + 1);
    }
  }

  void replace(const Token& token, std::string_view replacement) {
    copy_up_to(token.begin);
    result_.text_ += replacement;
    copied_ = token.end();
  }

  void copy_up_to(std::size_t offset) {
    result_.text_.append(result_.source_, copied_, offset - copied_);
    copied_ = offset;
  }

  void end_statement() {
    if (classifier_.kind() == StatementKind::empty) return;
    if (result_.statement_count_ == 0) {
      result_.kind_ = classifier_.kind();
      result_.verb_ = classifier_.verb();
    }
    ++result_.statement_count_;
    result_.touches_session_ = result_.touches_session_ || classifier_.touches_session();
    classifier_ = StatementClassifier{dialect_};
  }

  void refuse_mixed_parameters() const {
    const bool is_own_placeholder = dialect_.placeholder == Placeholder::question_mark;
    if (!positional_ || (result_.names_.empty() && !is_own_placeholder)) return;
    fail("The SQL text holds the positional parameter '" + std::string{positional_->text} +
             "'; write a named one, ':name'",
         *positional_);
  }

  [[noreturn]] void fail(const std::string& message, const Token& token) const {
    const auto line = position_at(result_.source_, token.begin).line;
    throw InvalidArgument(message + " (line " + std::to_string(line) + ").");
  }

  ParsedStatement& result_;
  Dialect dialect_;
  Lexer lexer_;
  StatementBoundary boundary_;
  StatementClassifier classifier_;
  InListFinder in_lists_;
  NullTestFinder null_tests_;
  Fingerprint fingerprint_;
  std::unordered_map<std::string_view, std::size_t> name_indexes_;
  std::optional<Token> positional_;
  std::size_t copied_ = 0;
};

ParsedStatement::ParsedStatement(std::string_view text, const Dialect& dialect) : source_(text) {
  StatementScanner{*this, dialect}.run();
}

std::string ParsedStatement::plain_text(std::size_t begin, std::size_t end) const {
  std::string text;
  for (const std::size_t escape : escaped_colons_) {
    if (escape >= begin && escape < end) {
      text.append(source_, begin, escape - begin);
      begin = escape + 1;  // the backslash goes, the colon stays
    }
  }
  return text.append(source_, begin, end - begin);
}

}  // namespace flowdb::sql
