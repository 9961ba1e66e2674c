#include <algorithm>
#include <array>
#include <charconv>

#include "support/tds_server/session/interpreter.hpp"
#include "support/tds_server/tsql/statement_end.hpp"
#include "support/tds_server/tsql/type_names.hpp"

namespace flowdb::tds_server {
namespace {

constexpr DataType kText{TypeKind::nvarchar, DataType::kMax};

SqlError refusal(const std::string& what) {
  return {
      40517,
      "Keyword or statement option '" + what + "' is not supported in this version of SQL Server.",
      16, ErrorScope::batch};
}

std::size_t last_of(const Lexemes& lexemes) {
  return lexemes.size() - 1;
}

/// Options that change nothing here, whichever way they are set.
bool is_idle_option(const Lexeme& option) {
  static constexpr std::array<std::string_view, 18> kOptions{"ANSI_NULLS",
                                                             "ANSI_PADDING",
                                                             "ANSI_WARNINGS",
                                                             "ANSI_NULL_DFLT_ON",
                                                             "ANSI_DEFAULTS",
                                                             "ARITHABORT",
                                                             "ARITHIGNORE",
                                                             "QUOTED_IDENTIFIER",
                                                             "NUMERIC_ROUNDABORT",
                                                             "TEXTSIZE",
                                                             "CONCAT_NULL_YIELDS_NULL",
                                                             "CURSOR_CLOSE_ON_COMMIT",
                                                             "IMPLICIT_TRANSACTIONS",
                                                             "ROWCOUNT",
                                                             "DATEFORMAT",
                                                             "DEADLOCK_PRIORITY",
                                                             "CONTEXT_INFO",
                                                             "ANSI_NULL_DFLT_OFF"};
  return std::any_of(kOptions.begin(), kOptions.end(),
                     [&option](std::string_view known) { return option.is(known); });
}

bool writes(const Lexemes& lexemes) {
  const bool reads = lexemes.front().is_any("SELECT", "WITH");
  return !reads || std::any_of(lexemes.begin(), lexemes.end(), [](const Lexeme& lexeme) {
    return lexeme.is_any("INTO", "UPDATE", "DELETE", "MERGE");
  });
}

}  // namespace

std::optional<std::string> Interpreter::value(const Lexemes& lexemes, Slice where,
                                              const DataType& type, const Variables& variables) {
  return runner_->value(slice_of(lexemes, where.first, where.second), type, variables);
}

std::string Interpreter::text(const Lexemes& lexemes, Slice where, const Variables& variables) {
  return value(lexemes, where, kText, variables).value_or("");
}

Interpreter::Flow Interpreter::simple(const Lexemes& lexemes, Variables& variables) {
  const Lexeme& verb = lexemes.front();
  if (verb.is("RETURN")) return Flow::ends;
  if (verb.is("BREAK")) return Flow::breaks;
  if (verb.is("CONTINUE")) return Flow::continues;
  if (transaction_statement(lexemes, variables)) return Flow::next;
  if (verb.is("SET")) {
    set(lexemes, variables);
  } else if (verb.is("DECLARE")) {
    declare(lexemes, variables);
  } else if (verb.is_any("EXEC", "EXECUTE") || lower_case(verb.text).rfind("sp_", 0) == 0) {
    execute(lexemes, variables);
  } else if (verb.is("WAITFOR")) {
    wait_for(lexemes, variables);
  } else if (verb.is("RAISERROR")) {
    raise_error(lexemes, variables);
  } else if (verb.is("THROW")) {
    throw_error(lexemes, variables);
  } else if (verb.is("PRINT")) {
    response_->add(info_token(0, text(lexemes, {1, last_of(lexemes)}, variables)));
  } else if (verb.is("USE")) {
    if (plain_name(lexemes[1]) != lower_case(state_->database)) {
      throw SqlError{911, "Database '" + display_name(lexemes[1]) + "' does not exist.", 16,
                     ErrorScope::batch};
    }
  } else if (verb.is_any("CREATE", "DROP") && lexemes[1].is("DATABASE")) {
    change_database(lexemes);
  } else if (verb.is("KILL")) {
    kill(lexemes);
  } else {
    if (writes(lexemes)) transactions_->refuse_write();
    runner_->statement(lexemes, variables);
  }
  return Flow::next;
}

/// BEGIN, COMMIT, ROLLBACK and SAVE TRANSACTION, with names.
bool Interpreter::transaction_statement(const Lexemes& lexemes, Variables& variables) {
  const Lexeme& verb = lexemes.front();
  if (!verb.is_any("BEGIN", "COMMIT", "ROLLBACK", "SAVE")) return false;
  const std::size_t behind = lexemes[1].is_any("TRAN", "TRANSACTION", "WORK") ? 2 : 1;
  std::string name;
  if (behind < last_of(lexemes) && lexemes[behind].kind == LexemeKind::variable) {
    name = text(lexemes, {behind, behind + 1}, variables);
  } else if (behind < last_of(lexemes) && lexemes[behind].is_name()) {
    name = display_name(lexemes[behind]);
  }
  runner_->fail_as_planned();
  if (verb.is("BEGIN")) transactions_->begin(name, *response_);
  if (verb.is("COMMIT")) transactions_->commit(*response_);
  if (verb.is("ROLLBACK")) transactions_->rollback(name, *response_);
  if (verb.is("SAVE")) transactions_->save(name);
  response_->add_done(command::kOther, std::nullopt);
  return true;
}

void Interpreter::declare(const Lexemes& lexemes, Variables& variables) {
  for (const auto& [begin, end] : split_at_commas(lexemes, 1, last_of(lexemes))) {
    std::size_t at = begin + 1;
    if (lexemes[at].is("AS")) ++at;
    const auto type = read_type(lexemes, at, TypeUse::declaration);
    if (!type) throw refusal("DECLARE " + std::string{lexemes[at].text});
    Variable variable{*type, std::nullopt};
    if (at < end && lexemes[at].is_symbol("=")) {
      variable.value = value(lexemes, {at + 1, end}, *type, variables);
    }
    variables[lower_case(lexemes[begin].text)] = variable;
  }
}

void Interpreter::set(const Lexemes& lexemes, Variables& variables) {
  if (lexemes[1].kind != LexemeKind::variable) {
    set_option(lexemes);
    return;
  }
  const auto variable = variables.find(lower_case(lexemes[1].text));
  if (variable == variables.end()) {
    throw SqlError{137,
                   "Must declare the scalar variable \"" + std::string{lexemes[1].text} + "\".", 15,
                   ErrorScope::batch};
  }
  if (!lexemes[2].is_symbol("=")) fail_near(lexemes[2]);
  variable->second.value = value(lexemes, {3, last_of(lexemes)}, variable->second.type, variables);
}

void Interpreter::set_option(const Lexemes& lexemes) {
  SessionSettings& settings = state_->settings;
  const Lexeme& option = lexemes[1];
  const bool on = lexemes[last_of(lexemes) - 1].is("ON");
  if (option.is("TRANSACTION")) {
    std::string level = upper_case(lexemes[4].text);
    if (last_of(lexemes) > 5) level += ' ' + upper_case(lexemes[5].text);
    settings.isolation = level;
  } else if (option.is("XACT_ABORT")) {
    settings.xact_abort = on;
  } else if (option.is("NOCOUNT")) {
    settings.no_count = on;
  } else if (option.is("IDENTITY_INSERT")) {
    settings.identity_insert = on;
  } else if (option.is("DATEFIRST")) {
    settings.date_first = std::stoi(std::string{lexemes[2].text});
  } else if (option.is("LANGUAGE")) {
    settings.language = display_name(lexemes[2]);
  } else if (option.is("LOCK_TIMEOUT")) {
    const bool negative = lexemes[2].is_symbol("-");
    const long number = std::stol(std::string{lexemes[negative ? 3 : 2].text});
    settings.lock_timeout = negative ? -1 : number;
    // 0 is no wait at all to SQL Server, and no end to PostgreSQL.
    const long milliseconds = negative ? 0 : std::max(number, 1L);
    link_->command("SET lock_timeout = " + std::to_string(milliseconds));
  } else if (!is_idle_option(option)) {
    throw refusal("SET " + std::string{option.text});
  }
}

/// CREATE DATABASE x, DROP DATABASE x: without options.
void Interpreter::change_database(const Lexemes& lexemes) {
  if (last_of(lexemes) != 3 || !lexemes[2].is_name()) fail_near(lexemes[2]);
  std::string sql = lexemes[0].is("CREATE") ? "CREATE DATABASE \"" : "DROP DATABASE \"";
  for (const char c : plain_name(lexemes[2]))
    sql += c == '"' ? std::string{"\"\""} : std::string{c};
  sql += lexemes[0].is("CREATE") ? "\"" : "\" WITH (FORCE)";
  link_->command(sql);
  response_->add_done(command::kOther, std::nullopt);
}

/// WAITFOR DELAY 'hh:mm:ss.mmm'
void Interpreter::wait_for(const Lexemes& lexemes, Variables& variables) {
  if (!lexemes[1].is("DELAY")) throw refusal("WAITFOR " + std::string{lexemes[1].text});
  const std::string delay = text(lexemes, {2, last_of(lexemes)}, variables);
  const bool known = !delay.empty() && delay.find_first_not_of("0123456789:.") == std::string::npos;
  if (!known) throw SqlError{148, "Incorrect time syntax in time string used with WAITFOR.", 15};
  runner_->own_sql("SELECT pg_sleep_for('" + delay + "'::interval)::text");
}

/// The session ends with the PostgreSQL one behind it, which names it in its application name.
void Interpreter::kill(const Lexemes& lexemes) {
  const std::string number{lexemes[1].text};
  if (number.find_first_not_of("0123456789") != std::string::npos) fail_near(lexemes[1]);
  const auto ended = runner_->own_sql(
      "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity "
      "WHERE datname = current_database() AND application_name LIKE 'tds:" +
      number + ":%'");
  if (ended == "0") {
    throw SqlError{6106, "Process ID " + number + " is not an active process ID."};
  }
}

}  // namespace flowdb::tds_server
