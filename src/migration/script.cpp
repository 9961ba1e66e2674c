#include "migration/script.hpp"

#include <optional>

#include "core/utf8.hpp"
#include "migration/excerpt.hpp"
#include "migration/statement_rule.hpp"
#include "sql/dialect.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration {

namespace {

constexpr std::size_t kLongestVersion = 50;  // as the history's columns
constexpr std::size_t kLongestDescription = 200;

Problem problem_at(const MigrationFile& file, std::size_t offset, const std::string& text) {
  const auto position = sql::position_at(file.contents, offset);
  return {place(file, position) + ": " + text + "\n" + excerpt(file.contents, offset), file.script,
          static_cast<int>(position.line), static_cast<int>(position.column)};
}

std::optional<std::string> objection_to(const MigrationFile& file,
                                        const sql::ScriptStatement& statement) {
  switch (rule_of(file.contents, statement)) {
    case StatementRule::transactional:
      return std::nullopt;
    case StatementRule::transaction_control:
      return statement.verb +
             " has no place here: flowdb runs each migration in one transaction, which it begins "
             "and commits; remove the statement.";
    case StatementRule::non_transactional:
      return statement.verb +
             ": the server refuses this statement within a transaction, and a migration runs in "
             "one; use its transactional form (without CONCURRENTLY) if it has one, or run it "
             "apart "
             "from the migrations.";
    case StatementRule::client_copy:
      return "COPY: its data would have to travel between this client and the server, which a "
             "migration cannot do; write INSERT statements, or load the data with bulk_insert().";
    case StatementRule::client_command:
      return "a command that begins with a backslash is psql's, the server does not know it; write "
             "it as SQL.";
  }
  return std::nullopt;
}

std::vector<sql::ScriptStatement> statements_before(const MigrationFile& file, std::size_t offset) {
  try {
    return sql::split_script(std::string_view{file.contents}.substr(0, offset),
                             sql::postgresql_dialect());
  } catch (const sql::LexicalError&) {
    return {};
  }
}

void check_statements(const Script& script, std::vector<Problem>& problems) {
  for (const auto& statement : script.statements) {
    if (const auto objection = objection_to(*script.file, statement)) {
      problems.push_back(problem_at(*script.file, statement.begin, *objection));
    }
  }
}

void check_name(const MigrationFile& file, std::vector<Problem>& problems) {
  const auto check = [&](const char* what, std::string_view text, std::size_t limit) {
    const auto length = utf8::count_code_points(text);
    if (length <= limit) return;
    problems.push_back({file.script + ": its " + what + " is " + std::to_string(length) +
                            " characters long, the history holds " + std::to_string(limit) +
                            "; shorten the file's name.",
                        file.script});
  };
  if (file.name.version) check("version", file.name.version->text(), kLongestVersion);
  check("description", file.name.description, kLongestDescription);
}

}  // namespace

Script check_script(const MigrationFile& file, std::vector<Problem>& problems) {
  Script script{&file, {}};
  check_name(file, problems);
  try {
    script.statements = sql::split_script(file.contents, sql::postgresql_dialect());
    check_statements(script, problems);
  } catch (const sql::LexicalError& error) {
    // Behind a COPY … FROM STDIN its data follows, which need not look like SQL: so what stands
    // before the error may be what explains it.
    script.statements = statements_before(file, error.offset());
    const auto known = problems.size();
    check_statements(script, problems);
    if (problems.size() == known) {
      problems.push_back(problem_at(file, error.offset(), error.what()));
    }
  }
  return script;
}

std::string place(const MigrationFile& file, const sql::Position& position) {
  return file.script + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace flowdb::migration
