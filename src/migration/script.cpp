#include "migration/script.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include "core/utf8.hpp"
#include "migration/excerpt.hpp"
#include "migration/placeholders.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration {

namespace {

constexpr std::size_t kLongestVersionText = 50;  // as the history's columns
constexpr std::size_t kLongestDescription = 200;

void check_statements(const Script& script, const SqlDialect& dialect,
                      std::vector<Problem>& problems) {
  for (const auto& objection : dialect.objections(script.file->contents, script.statements)) {
    problems.push_back(problem_at(*script.file, objection.offset, objection.text));
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
  if (file.name.version) check("version", file.name.version->text(), kLongestVersionText);
  check("description", file.name.description, kLongestDescription);
}

}  // namespace

Problem problem_at(const MigrationFile& file, std::size_t offset, const std::string& text) {
  const auto position = position_in(file, offset);
  return {place(file, position) + ": " + text + "\n" + excerpt_of(file, offset), file.script,
          static_cast<int>(position.line), static_cast<int>(position.column)};
}

sql::Position position_in(const MigrationFile& file, std::size_t offset) {
  const auto source = source_place(file.contents, file.source, offset);
  return sql::position_at(source.text, source.offset);
}

sql::Position position_of(const Script& script, const sql::ScriptStatement& statement) {
  const bool is_as_written = script.file->source.text.empty();
  return is_as_written ? statement.position : position_in(*script.file, statement.begin);
}

std::string excerpt_of(const MigrationFile& file, std::size_t offset) {
  const auto source = source_place(file.contents, file.source, offset);
  return excerpt(source.text, source.offset);
}

Script check_script(const MigrationFile& file, const SqlDialect& dialect,
                    std::vector<Problem>& problems) {
  Script script{.file = &file, .statements = {}};
  check_name(file, problems);
  try {
    script.statements = dialect.split(file.contents);
    check_statements(script, dialect, problems);
    script.is_transactional = dialect.is_transactional(file.contents, script.statements);
  } catch (const sql::LexicalError& error) {
    problems.push_back(problem_at(file, error.offset(), error.what()));
  }
  return script;
}

Script check_script(const MigrationFile& file, const SqlDialect& dialect,
                    const std::map<std::string, std::string>& placeholders,
                    std::vector<Problem>& problems) {
  auto expanded = std::make_shared<MigrationFile>(file);
  replace_placeholders(*expanded, placeholders, problems);
  auto script = check_script(*expanded, dialect, problems);
  script.expanded = std::move(expanded);
  return script;
}

std::string place(const MigrationFile& file, const sql::Position& position) {
  return file.script + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace flowdb::migration
