#include "sql/batches.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "sql/lexer.hpp"

namespace flowdb::sql {

namespace {

bool is_code(const Token& token) noexcept {
  return token.kind != TokenKind::comment;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  Lexer lexer{text, sqlserver_dialect()};
  for (auto token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    tokens.push_back(token);
  }
  return tokens;
}

/// Goes through a script token by token.
class BatchSplitter {
 public:
  explicit BatchSplitter(std::string_view text)
      : text_(text), tokens_(tokens_of(text)), positions_(text) {}

  std::vector<ScriptStatement> run() && {
    for (std::size_t index = 0; index < tokens_.size();) {
      const auto behind = end_of_separator(index);
      if (behind == index) {
        add(tokens_[index++]);
      } else {
        index = behind;
      }
    }
    end_batch(1);
    return std::move(batches_);
  }

 private:
  /// Ends the batch when a separator's line begins at `index`, which it returns otherwise.
  std::size_t end_of_separator(std::size_t index) {
    const auto& go = tokens_[index];
    if (!go.is_word("GO") || !has_line_end(code_end_, go.begin)) return index;
    auto behind = index + 1;
    std::vector<Token> rest;  // the code behind GO on its line
    for (; behind < tokens_.size() && !has_line_end(go.end(), tokens_[behind].begin); ++behind) {
      if (is_code(tokens_[behind])) rest.push_back(tokens_[behind]);
    }
    const bool has_semicolon = !rest.empty() && rest.back().is_symbol(';');
    const bool is_counted = !rest.empty() && rest.front().kind == TokenKind::number;
    if (rest.size() != (is_counted ? 1U : 0U) + (has_semicolon ? 1U : 0U)) return index;
    if (has_semicolon) fail("GO is no statement: remove the ; behind it", go.begin);
    end_batch(is_counted ? count_of(rest.front()) : 1);
    code_end_ = is_counted ? rest.front().end() : go.end();
    return behind;
  }

  /// At the start of the text as well.
  bool has_line_end(std::size_t begin, std::size_t end) const {
    const auto between = text_.substr(begin, end - begin);
    return begin == 0 || between.find_first_of("\r\n") != std::string_view::npos;
  }

  std::size_t count_of(const Token& number) const {
    std::int32_t count = 0;
    const auto* const end = number.text.data() + number.text.size();
    const auto [stop, error] = std::from_chars(number.text.data(), end, count);
    if (error != std::errc{} || stop != end || count < 1) {
      fail("The number behind GO must be a whole one from 1 to " +
               std::to_string(std::numeric_limits<std::int32_t>::max()),
           number.begin);
    }
    return static_cast<std::size_t>(count);
  }

  void add(const Token& token) {
    if (is_empty_) batch_.begin = token.begin;
    is_empty_ = false;
    batch_.end = token.end();
    if (!is_code(token)) return;
    code_end_ = token.end();
    if (has_code_) return;
    has_code_ = true;
    if (token.kind == TokenKind::word) batch_.verb = to_upper(token.text);
  }

  void end_batch(std::size_t repetitions) {
    if (has_code_) {
      batch_.position = positions_.advance_to(batch_.begin);
      batch_.kind = StatementKind::other;
      batch_.repetitions = repetitions;
      batches_.push_back(std::move(batch_));
    }
    batch_ = {};
    is_empty_ = true;
    has_code_ = false;
  }

  [[noreturn]] void fail(const std::string& message, std::size_t offset) const {
    const auto line = position_at(text_, offset).line;
    throw LexicalError(message + " (line " + std::to_string(line) + ").", offset);
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  PositionCounter positions_;
  std::vector<ScriptStatement> batches_;
  ScriptStatement batch_;
  std::size_t code_end_ = 0;  // of the last token that is no comment
  bool is_empty_ = true;
  bool has_code_ = false;
};

}  // namespace

std::vector<ScriptStatement> split_batches(std::string_view text) {
  return BatchSplitter{text}.run();
}

}  // namespace flowdb::sql
