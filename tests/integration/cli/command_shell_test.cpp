// The `flowdb` command as people use it in a shell.
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/cli/command_fixture.hpp"

namespace flowdb::test_support {
namespace {

using testing::HasSubstr;

class CommandInShell : public Command {
 protected:
  /// What bash offers where the last of these words is being written.
  std::string completed(const std::vector<std::string>& words) {
    std::string line = "source <(flowdb completion); COMP_WORDS=(flowdb";
    for (const auto& word : words) line += " '" + word + "'";
    line += "); COMP_CWORD=" + std::to_string(words.size()) + "; _flowdb; echo \"${COMPREPLY[*]}\"";
    const auto result = project_.run_in_shell(line);
    EXPECT_EQ(result.error, "");
    return result.out;
  }
};

/// The lines of the README's first block of that language behind `heading`.
std::vector<std::string> block_of_readme(const std::string& heading, const std::string& language) {
  std::ifstream readme{FLOWDB_SOURCE_DIR "/README.md"};
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(readme, line) && line != heading) {
  }
  while (std::getline(readme, line) && line != "```" + language) {
  }
  while (std::getline(readme, line) && line != "```") lines.push_back(line);
  return lines;
}

TEST_F(CommandInShell, KnowsEveryCallOfTheReadme) {
  project_.write("V001__Create_orders.sql", "CREATE TABLE orders (id bigint);");
  project_.write("U001__Create_orders.sql", "DROP TABLE orders;");
  const auto commands = block_of_readme("## The flowdb command", "sh");
  ASSERT_GE(commands.size(), 10U);
  for (const auto& command : commands) {
    const auto result = project_.run_in_shell(command);
    EXPECT_NE(result.exit_code, 2) << command << ": " << result.error;
    EXPECT_LT(result.exit_code, 8) << command << ": " << result.error;
  }
}

TEST_F(CommandInShell, IgnoresInAScriptWhatTheReadmeSaysItDoes) {
  std::string script;
  for (const auto& line : block_of_readme("## Lint", "sql")) script += line + "\n";
  project_.write("V001__Drop_remark.sql", script);
  const auto result = run({"lint"});
  EXPECT_EQ(result.exit_code, 0) << script << result.out << result.error;
  project_.write("V001__Drop_remark.sql", script.substr(script.find("ALTER")));
  EXPECT_EQ(run({"lint"}).exit_code, 1);
}

TEST_F(CommandInShell, CompletesCommandsOptionsAndDatabases) {
  EXPECT_EQ(completed({"mi"}), "migrate\n");
  EXPECT_EQ(completed({"query", "--cs"}), "--csv\n");
  EXPECT_EQ(completed({"--quiet", "migrate", "--tar"}), "--target\n");
  EXPECT_EQ(completed({"health", "--database", "rp"}), "rpa_db\n");
  EXPECT_EQ(completed({"health", "--js"}), "--json\n");
  EXPECT_EQ(completed({"query", "--target"}), "\n") << "an option of another command";
}

TEST_F(CommandInShell, WritesCommaSeparatedValues) {
  const auto result =
      run({"query", "--csv",
           "SELECT 1 AS a, 'x,\"y\"\n' AS \"b,c\", NULL AS d, '' AS e, 1.50::numeric AS f"});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(result.out, "a,\"b,c\",d,e,f\r\n1,\"x,\"\"y\"\"\n\",,\"\",1.50\r\n");
  EXPECT_EQ(run({"query", "--csv", "--json", "SELECT 1"}).exit_code, 2);
}

TEST_F(CommandInShell, CancelsAStatementThatTakesTooLong) {
  for (const char* flag : {"--quiet", "--write"}) {
    const auto result = run({"query", "SELECT pg_sleep(60)", "--timeout", "0.2", flag});
    EXPECT_EQ(result.exit_code, 4) << result.error;
    EXPECT_THAT(result.error, HasSubstr("timed out"));
  }
  EXPECT_EQ(run({"query", "SELECT 1", "--timeout", "0"}).exit_code, 2);
}

}  // namespace
}  // namespace flowdb::test_support
