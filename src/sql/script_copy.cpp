#include "sql/script_copy.hpp"

#include <algorithm>
#include <string>

#include "sql/lexer.hpp"

namespace flowdb::sql {

namespace {

[[noreturn]] void fail(std::string_view script, const std::string& message, std::size_t offset) {
  const auto line = position_at(script, offset).line;
  throw LexicalError(message + " (line " + std::to_string(line) + ").", offset);
}

/// psql goes on behind the data with what stands there; a statement that spans them could not be
/// sent as one piece.
void refuse_code_on_line(std::string_view script, std::size_t begin, std::size_t line_end) {
  Lexer lexer{script.substr(0, line_end), postgresql_dialect()};
  lexer.skip_to(begin);
  auto token = lexer.next();
  while (token.kind == TokenKind::comment) token = lexer.next();
  if (token.kind == TokenKind::end) return;
  fail(
      script,
      "The data of COPY … FROM STDIN begin on the line behind it; move what stands on its own line "
      "behind the data",
      token.begin);
}

bool is_end_mark(std::string_view line) noexcept {
  return line == "\\." || line == "\\.\r";
}

}  // namespace

void CopyFromStdin::add(const Token& token) noexcept {
  if (token.is_symbol('(')) ++parentheses_;
  if (token.is_symbol(')') && parentheses_ > 0) --parentheses_;
  if (parentheses_ > 0) return;
  switch (stage_) {
    case Stage::start:
      stage_ = token.is_word("COPY") ? Stage::copy : Stage::other;
      break;
    case Stage::copy:
      if (token.is_one_of("FROM", "TO")) {
        stage_ = token.is_word("FROM") ? Stage::from : Stage::other;
      }
      break;
    case Stage::from:  // the server's grammar takes either word for the client
      stage_ = token.is_one_of("STDIN", "STDOUT") ? Stage::found : Stage::other;
      break;
    case Stage::found:
    case Stage::other:
      break;
  }
}

CopyData find_copy_data(std::string_view script, std::size_t statement_begin,
                        std::size_t statement_end) {
  const auto line_end = std::min(script.find('\n', statement_end), script.size());
  refuse_code_on_line(script, statement_end, line_end);
  CopyData found;
  found.data.begin = std::min(line_end + 1, script.size());
  for (auto line = found.data.begin; line < script.size();) {
    const auto end = std::min(script.find('\n', line), script.size());
    const auto behind = std::min(end + 1, script.size());
    if (is_end_mark(script.substr(line, end - line))) {
      found.data.end = line;
      found.behind = behind;
      return found;
    }
    line = behind;
  }
  fail(script,
       "The data of COPY … FROM STDIN have no end; write a line with nothing but \\. behind them",
       statement_begin);
}

}  // namespace flowdb::sql
