#include "migration/script.hpp"

#include <string_view>

#include "core/utf8.hpp"
#include "migration/excerpt.hpp"
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

std::vector<sql::ScriptStatement> statements_before(const MigrationFile& file,
                                                    const SqlDialect& dialect, std::size_t offset) {
  try {
    return dialect.split(std::string_view{file.contents}.substr(0, offset));
  } catch (const sql::LexicalError&) {
    return {};
  }
}

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
  if (file.name.version) check("version", file.name.version->text(), kLongestVersion);
  check("description", file.name.description, kLongestDescription);
}

}  // namespace

Script check_script(const MigrationFile& file, const SqlDialect& dialect,
                    std::vector<Problem>& problems) {
  Script script{&file, {}};
  check_name(file, problems);
  try {
    script.statements = dialect.split(file.contents);
    check_statements(script, dialect, problems);
  } catch (const sql::LexicalError& error) {
    // Behind a COPY … FROM STDIN its data follows, which need not look like SQL: so what stands
    // before the error may be what explains it.
    script.statements = statements_before(file, dialect, error.offset());
    const auto known = problems.size();
    check_statements(script, dialect, problems);
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
