#include <algorithm>

#include "support/tds_server/session/interpreter.hpp"
#include "support/tds_server/session/raised_message.hpp"
#include "support/tds_server/tsql/statement_end.hpp"

namespace flowdb::tds_server {
namespace {

constexpr DataType kInteger{};

/// RAISERROR's and THROW's third argument.
std::uint8_t state_of(const std::optional<std::string>& value) {
  return static_cast<std::uint8_t>(std::clamp(std::stoi(value.value_or("1")), 0, 255));
}

}  // namespace

/// RAISERROR ('text' | number, severity, state, arguments)
void Interpreter::raise_error(const Lexemes& lexemes, Variables& variables) {
  if (!lexemes[1].is_symbol("(")) fail_near(lexemes[1]);
  const auto parts = split_at_commas(lexemes, 2, closing_parenthesis(lexemes, 1));
  if (parts.size() < 3) fail_near(lexemes[1]);
  const int severity = std::stoi(value(lexemes, parts[1], kInteger, variables).value_or("16"));
  const bool numbered = lexemes[2].kind == LexemeKind::number;
  const std::int32_t number = numbered ? std::stoi(std::string{lexemes[2].text}) : 50000;
  std::vector<std::optional<std::string>> arguments;
  for (std::size_t i = 3; i < parts.size(); ++i) {
    arguments.push_back(value(lexemes, parts[i], kAnyText, variables));
  }
  const std::string message = numbered
                                  ? "Error " + std::to_string(number) + " was raised."
                                  : raised_message(text(lexemes, parts[0], variables), arguments);
  if (severity <= 10) {
    response_->add(info_token(number, message));
    return;
  }
  const ErrorScope scope = number == 1205 ? ErrorScope::transaction : ErrorScope::statement;
  throw SqlError{number, message, static_cast<std::uint8_t>(severity), scope,
                 state_of(value(lexemes, parts[2], kInteger, variables))};
}

/// THROW, and THROW number, text, state
void Interpreter::throw_error(const Lexemes& lexemes, Variables& variables) {
  const auto parts = split_at_commas(lexemes, 1, lexemes.size() - 1);
  if (parts.empty()) {
    const auto& caught = state_->caught;
    if (!caught) throw SqlError{10704, "To rethrow an error, a THROW must stand in a CATCH.", 15};
    throw SqlError{*caught};
  }
  if (parts.size() != 3) fail_near(lexemes[1]);
  const std::int32_t number =
      std::stoi(value(lexemes, parts[0], kInteger, variables).value_or("0"));
  throw SqlError{number, text(lexemes, parts[1], variables), 16, ErrorScope::batch,
                 state_of(value(lexemes, parts[2], kInteger, variables))};
}

}  // namespace flowdb::tds_server
