// The splitter, held against what psql makes of the same scripts.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "integration/migration/migration_fixture.hpp"
#include "integration/sql/psql_recorder.hpp"
#include "sql/lexer.hpp"
#include "sql/script.hpp"

namespace flowdb::test_support {
namespace {

namespace fs = std::filesystem;

std::string contents_of(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

std::vector<fs::path> sql_files(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{directory}) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Without comments, and without the `;` that ends it: psql leaves empty lines out.
std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  sql::Lexer lexer{text, sql::postgresql_dialect()};
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::comment) tokens.push_back(token.text);
  }
  if (!tokens.empty() && tokens.back() == ";") tokens.pop_back();
  return tokens;
}

/// psql sends empty statements, too.
std::vector<PsqlQuery> psql_queries(const fs::path& script) {
  auto queries = record_psql(script);
  queries.erase(std::remove_if(queries.begin(), queries.end(),
                               [](const auto& query) { return tokens_of(query.text).empty(); }),
                queries.end());
  return queries;
}

/// psql hands the `\.` on, whose meaning the server knows as well.
std::string without_end_mark(std::string data) {
  const auto mark = data.rfind("\\.");
  const bool is_last =
      mark != std::string::npos && data.find_first_not_of("\r\n", mark + 2) == std::string::npos;
  const bool is_whole_line = is_last && (mark == 0 || data[mark - 1] == '\n');
  return is_whole_line ? data.substr(0, mark) : data;
}

void expect_same(std::string_view text, const sql::ScriptStatement& statement,
                 const PsqlQuery& query) {
  const auto ours = text.substr(statement.begin, statement.end - statement.begin);
  EXPECT_EQ(tokens_of(ours), tokens_of(query.text)) << ours << "\npsql's: " << query.text;
  const auto data = statement.copy_data.value_or(sql::TextRange{});
  EXPECT_EQ(text.substr(data.begin, data.end - data.begin), without_end_mark(query.copy_data));
}

/// How many statements there are.
std::size_t expect_same(const MigrationDirectory& directory, const std::string& text) {
  directory.write("script.sql", text);
  const auto queries = psql_queries(directory.path() / "script.sql");
  const auto statements = sql::split_script(text, sql::postgresql_dialect());
  const auto count = std::min(statements.size(), queries.size());
  for (std::size_t index = 0; index < count; ++index) {
    expect_same(text, statements[index], queries[index]);
  }
  EXPECT_EQ(statements.size(), queries.size());
  return statements.size();
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? std::string{"\r\n"} : std::string(1, c);
  return result;
}

TEST(PsqlOracle, AgreesOnTheCorpus) {
  const MigrationDirectory directory;
  std::size_t count = 0;
  for (const auto& file : sql_files(FLOWDB_SOURCE_DIR "/tests/fuzz/corpus/script")) {
    SCOPED_TRACE(file.string());
    const auto text = contents_of(file);
    count += expect_same(directory, text);
    expect_same(directory, with_crlf(text));
  }
  EXPECT_GT(count, 120U);
}

TEST(PsqlOracle, AgreesOnStatementsMadeByChance) {
  constexpr std::array<const char*, 44> pieces{
      "'a;'",        "'it''s'",  "E'\\';'",   "e'\\\\'",    "\"q;\"", "$$;$$",  "$t$;$$;$t$",
      "U&'\\0061;'", "-- ;\n",   "/* ; */",   "/*/*;*/;*/", "(",      ")",      "[",
      "]",           "BEGIN",    "ATOMIC",    "CASE",       "END",    "CREATE", "OR",
      "REPLACE",     "FUNCTION", "PROCEDURE", "SELECT",     "AS",     "x$y",    "$1",
      "1.5",         ".",        "::",        ":=",         "->>",    "-",      "/",
      "*",           ",",        "\n",        "\t",         "ü",      "COPY",   "b'1;'",
      "n';'",        "1"};
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  std::string text;
  // psql takes any BEGIN in a routine for its body's, the server only BEGIN ATOMIC: so the words
  // stand together, and the END where the server wants it.
  for (int statement = 0; statement < 1500; ++statement) {
    const auto length = 1 + random() % 12;
    std::size_t depth = 0;
    std::string line;
    bool is_routine = false;
    for (std::size_t piece = 0; piece < length; ++piece) {
      const std::string chosen = pieces[random() % pieces.size()];
      if (chosen == "BEGIN" || chosen == "CREATE") is_routine = true;
      if (chosen == "(") ++depth;
      if (chosen == ")") {
        if (depth == 0) continue;
        --depth;
      }
      // Without the space a prefix such as E could become a part of the word before.
      const bool may_touch = std::string_view{"()[],."}.find(chosen) != std::string_view::npos;
      line += chosen + (may_touch && random() % 2 == 0 ? "" : " ");
    }
    if (is_routine) line = "SELECT " + line;
    for (; depth > 0; --depth) line += ")";
    text += line + ";\n";
  }
  const MigrationDirectory directory;
  EXPECT_GT(expect_same(directory, text), 1000U);
}

/// Drops lines that are commands of psql's: they are for psql, and need a real server.
std::string without_commands(const std::string& text) {
  std::string result;
  std::string::size_type begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const auto line = text.substr(begin, end - begin);
    if (line.front() != '\\' || line.compare(0, 2, "\\.") == 0) result += line;
    begin = end;
  }
  return result;
}

/// It uses commands or variables of psql's, changes how literals are read, or has a COPY that is
/// meant to be refused, so that no data follow it.
bool is_for_psql_alone(const std::string& text) {
  for (const auto* piece : {":'", ":\"", ":{", "standard_conforming_strings"}) {
    if (text.find(piece) != std::string::npos) return true;
  }
  try {
    const auto statements = sql::split_script(text, sql::postgresql_dialect());
    return std::any_of(statements.begin(), statements.end(),
                       [](const auto& statement) { return statement.is_client_command(); });
  } catch (const sql::LexicalError& error) {
    return std::string_view{error.what()}.find("COPY") != std::string_view::npos;
  }
}

/// FLOWDB_TEST_SQL_CORPUS names a directory with further scripts, such as PostgreSQL's own
/// src/test/regress/sql.
TEST(PsqlOracle, AgreesOnAnotherCorpus) {
  const char* corpus = std::getenv("FLOWDB_TEST_SQL_CORPUS");
  const fs::path source = corpus != nullptr ? corpus : FLOWDB_SOURCE_DIR "/migrations/rpa_db";
  const MigrationDirectory directory;
  std::size_t compared = 0;
  std::size_t statements = 0;
  for (const auto& file : sql_files(source)) {
    SCOPED_TRACE(file.string());
    try {
      const auto text = without_commands(contents_of(file));
      if (is_for_psql_alone(text)) continue;
      statements += expect_same(directory, text);
      ++compared;
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_GT(compared, 0U);
  RecordProperty("scripts", static_cast<int>(compared));
  RecordProperty("statements", static_cast<int>(statements));
}

}  // namespace
}  // namespace flowdb::test_support
