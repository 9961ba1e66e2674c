#include <algorithm>

#include "support/tds_server/session/interpreter.hpp"
#include "support/tds_server/tsql/statement_end.hpp"
#include "support/tds_server/tsql/type_names.hpp"

namespace flowdb::tds_server {
namespace {

SqlError missing_parameter(const std::string& procedure) {
  return {201,
          "Procedure or function '" + procedure + "' expects a parameter that was not supplied.",
          16};
}

std::string text_of(const std::vector<Argument>& arguments, std::size_t at,
                    const std::string& procedure) {
  if (at >= arguments.size()) throw missing_parameter(procedure);
  return arguments[at].variable.value.value_or("");
}

/// By name, else by place.
std::string named(const std::vector<Argument>& arguments, const std::string& name,
                  std::size_t place, const std::string& otherwise) {
  for (const Argument& given : arguments) {
    if (given.name == name) return given.variable.value.value_or(otherwise);
  }
  if (place < arguments.size() && arguments[place].name.empty()) {
    return arguments[place].variable.value.value_or(otherwise);
  }
  return otherwise;
}

struct Declaration {
  std::string name;
  DataType type;
};

/// `@p1 int, @p2 nvarchar(40) OUTPUT`
std::vector<Declaration> read_declarations(const std::string& text) {
  std::vector<Declaration> declarations;
  const Lexemes lexemes = read_lexemes(text);
  for (const auto& [begin, end] : split_at_commas(lexemes, 0, lexemes.size() - 1)) {
    std::size_t at = begin + 1;
    const auto type = read_type(lexemes, at, TypeUse::declaration);
    if (lexemes[begin].kind != LexemeKind::variable || !type) fail_near(lexemes[begin]);
    declarations.push_back({lower_case(lexemes[begin].text), *type});
  }
  return declarations;
}

std::string lock_key(const std::string& resource) {
  std::string quoted;
  for (const char c : resource) quoted.append(c == '\'' ? 2 : 1, c);
  return "hashtextextended('tds:" + quoted + "', 0)";
}

}  // namespace

std::int32_t Interpreter::call(const std::string& procedure, std::vector<Argument>& arguments) {
  const std::string name = lower_case(procedure.substr(procedure.find_last_of('.') + 1));
  if (name == "sp_executesql") {
    const std::string declarations =
        arguments.size() > 1 ? arguments[1].variable.value.value_or("") : "";
    run_with({text_of(arguments, 0, name), declarations}, arguments, 2);
    return state_->last_error;
  }
  if (name == "sp_getapplock") return take_lock(arguments);
  if (name == "sp_releaseapplock") return release_lock(arguments);
  return prepared_call(name, arguments);
}

std::int32_t Interpreter::prepared_call(const std::string& procedure,
                                        std::vector<Argument>& arguments) {
  const bool prepares = procedure == "sp_prepare" || procedure == "sp_prepexec";
  if (prepares) {
    const std::int32_t handle = ++state_->last_handle;
    const PreparedStatement statement{text_of(arguments, 2, procedure),
                                      text_of(arguments, 1, procedure)};
    state_->prepared[handle] = statement;
    arguments[0].variable = {DataType{}, std::to_string(handle)};
    if (procedure == "sp_prepexec") run_with(statement, arguments, 3);
    return procedure == "sp_prepexec" ? state_->last_error : 0;
  }
  if (procedure != "sp_execute" && procedure != "sp_unprepare") {
    throw SqlError{2812, "Could not find stored procedure '" + procedure + "'.", 16};
  }
  const std::string handle = text_of(arguments, 0, procedure);
  const auto found = state_->prepared.find(std::stoi(handle.empty() ? "0" : handle));
  if (found == state_->prepared.end()) {
    throw SqlError{8179, "Could not find prepared statement with handle " + handle + "."};
  }
  if (procedure == "sp_unprepare") {
    state_->prepared.erase(found);
    return 0;
  }
  run_with(found->second, arguments, 1);
  return state_->last_error;
}

/// Runs a statement with the arguments from `first` on as its parameters.
void Interpreter::run_with(const PreparedStatement& statement, std::vector<Argument>& arguments,
                           std::size_t first) {
  Variables variables;
  std::vector<std::string> names;
  for (const Declaration& declared : read_declarations(statement.declarations)) {
    variables[declared.name] = {declared.type, std::nullopt};
    names.push_back(declared.name);
  }
  std::vector<std::string> taken;
  for (std::size_t i = first; i < arguments.size(); ++i) {
    const std::size_t place = i - first;
    std::string name = arguments[i].name;
    if (name.empty() && place < names.size()) name = names[place];
    const auto variable = variables.find(name);
    if (variable == variables.end()) {
      throw SqlError{8145, name + " is not a parameter for procedure sp_executesql."};
    }
    variable->second.value = arguments[i].variable.value;
    taken.push_back(name);
  }
  if (taken.size() < names.size()) {
    throw SqlError{8178, "The parameterized query expects the parameter '" + names[taken.size()] +
                             "', which was not supplied."};
  }
  run_text(statement.sql, variables);
  for (std::size_t i = first; i < arguments.size(); ++i) {
    if (arguments[i].is_output) arguments[i].variable = variables[taken[i - first]];
  }
}

/// EXEC [@status =] procedure arguments; EXEC ('text')
void Interpreter::execute(const Lexemes& lexemes, Variables& variables) {
  std::size_t at = lexemes.front().is_any("EXEC", "EXECUTE") ? 1 : 0;
  const std::size_t last = lexemes.size() - 1;
  if (lexemes[at].is_symbol("(")) {
    Variables none;
    const std::string sql = text(lexemes, {at + 1, closing_parenthesis(lexemes, at)}, variables);
    run_text(sql, none);
    return;
  }
  std::string status_name;
  if (lexemes[at].kind == LexemeKind::variable && lexemes[at + 1].is_symbol("=")) {
    status_name = lower_case(lexemes[at].text);
    at += 2;
  }
  std::string procedure = plain_name(lexemes[at]);
  while (++at < last && lexemes[at].is_symbol(".")) procedure = plain_name(lexemes[++at]);
  std::vector<Argument> arguments;
  std::vector<std::string> outputs;
  for (const auto& part : split_at_commas(lexemes, at, last)) {
    arguments.push_back(argument(lexemes, part, variables));
    const bool by_name = lexemes[part.first + 1].is_symbol("=");
    outputs.push_back(lower_case(lexemes[part.first + (by_name ? 2 : 0)].text));
  }
  const std::int32_t status = call(procedure, arguments);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].is_output) continue;
    variables[outputs[i]].value = arguments[i].variable.value;
  }
  if (!status_name.empty()) variables[status_name].value = std::to_string(status);
}

Argument Interpreter::argument(const Lexemes& lexemes, Slice where, const Variables& variables) {
  Argument given;
  auto [begin, end] = where;
  if (lexemes[begin].kind == LexemeKind::variable && lexemes[begin + 1].is_symbol("=")) {
    given.name = lower_case(lexemes[begin].text);
    begin += 2;
  }
  if (lexemes[end - 1].is_any("OUTPUT", "OUT")) {
    given.is_output = true;
    --end;
  }
  if (lexemes[begin].kind == LexemeKind::word && !lexemes[begin].is("NULL")) {
    given.variable = {kAnyText, std::string{lexemes[begin].text}};  // a bare word is a text
  } else {
    given.variable = {kAnyText, value(lexemes, {begin, end}, kAnyText, variables)};
  }
  return given;
}

/// sp_getapplock (resource, mode, owner, timeout) on PostgreSQL's advisory locks.
std::int32_t Interpreter::take_lock(const std::vector<Argument>& arguments) {
  const std::string resource = named(arguments, "@resource", 0, "");
  const bool shared = lower_case(named(arguments, "@lockmode", 1, "Exclusive")) == "shared";
  const bool session = lower_case(named(arguments, "@lockowner", 2, "Transaction")) == "session";
  const long timeout =
      std::stol(named(arguments, "@locktimeout", 3, std::to_string(state_->settings.lock_timeout)));
  if (!session && transactions_->count() == 0) return -999;
  const std::string function =
      std::string{"pg_advisory_"} + (session ? "lock" : "xact_lock") + (shared ? "_shared" : "");
  const auto limit = [this](long milliseconds) {
    link_->command("SET lock_timeout = " +
                   std::to_string(milliseconds < 0 ? 0 : std::max(milliseconds, 1L)));
  };
  limit(timeout);
  std::int32_t answer = 0;
  try {
    runner_->own_sql("SELECT " + function + "(" + lock_key(resource) + ")::text");
  } catch (const SqlError& error) {
    if (error.number() != 1222) throw;
    answer = -1;
  }
  limit(state_->settings.lock_timeout);
  return answer;
}

std::int32_t Interpreter::release_lock(const std::vector<Argument>& arguments) {
  const std::string key = lock_key(named(arguments, "@resource", 0, ""));
  if (lower_case(named(arguments, "@lockowner", 1, "Transaction")) != "session") {
    // PostgreSQL holds a transaction's locks until it ends.
    return 0;
  }
  const auto released = runner_->own_sql("SELECT (pg_advisory_unlock(" + key +
                                         ") OR pg_advisory_unlock_shared(" + key + "))::text");
  return released == "true" ? 0 : -999;
}

}  // namespace flowdb::tds_server
