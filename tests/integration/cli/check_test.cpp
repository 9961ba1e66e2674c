// `flowdb check` on set-ups that are broken in one way each: it names the cause and the remedy.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/cli/command_fixture.hpp"
#include "support/connection_url.hpp"
#include "support/postgres_cluster.hpp"

namespace flowdb::test_support {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class CheckCommand : public Command {
 protected:
  /// What is found about it, its remedy behind it; `exit_code` is how the command ends.
  std::string found(const std::string& about, const std::string& verdict, int exit_code) {
    const auto report = document({"check"}, exit_code);
    std::string all;
    for (const auto& finding : report.at("findings")) {
      const auto text =
          finding.at("text").get<std::string>() + " -> " +
          (finding.at("remedy").is_null() ? "" : finding.at("remedy").get<std::string>());
      if (finding.at("about") == about && finding.at("verdict") == verdict) return text;
    }
    return "nothing in " + report.dump();
  }
  std::string wrong(const std::string& about, int exit_code = 1) {
    return found(about, "bad", exit_code);
  }
  void set(const std::string& key, const std::string& value) {
    project_.configure(url(), "DEVELOPMENT_GLOBAL_RPA_DB_" + key + "=" + value + "\n");
  }
};

TEST_F(CheckCommand, FindsNothingInASoundSetUp) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  EXPECT_EQ(run({"migrate"}).exit_code, 0);
  const auto report = document({"check"});
  // The tests' own server runs without fsync.
  EXPECT_EQ(report.at("verdict"), "warning") << report.dump(2);
  std::vector<std::string> subjects;
  for (const auto& finding : report.at("findings")) subjects.push_back(finding.at("about"));
  EXPECT_THAT(subjects,
              testing::ElementsAre("configuration", "connection", "server", "tls", "privileges",
                                   "durability", "connections", "migrations"));
  EXPECT_THAT(run({"check"}).out,
              AllOf(HasSubstr("good  tls: TLSv1."), HasSubstr("\nrpa_db: ready.\n")));
}

TEST_F(CheckCommand, NamesAMissingOrMalformedSetting) {
  project_.configure("");
  EXPECT_THAT(wrong("configuration", 3),
              HasSubstr("Set DEVELOPMENT_GLOBAL_RPA_DB_CONNECTION_STRING"));
  set("POOL_SIZE", "many");
  EXPECT_THAT(wrong("configuration", 3), AllOf(HasSubstr("DEVELOPMENT_GLOBAL_RPA_DB_POOL_SIZE"),
                                               HasSubstr("positive integer")));
  set("TYPE", "oracle");
  EXPECT_THAT(wrong("configuration", 3), HasSubstr("'postgresql' or 'sqlserver'"));
  project_.configure(url(), "this is no assignment\n");
  EXPECT_THAT(wrong("configuration", 3), HasSubstr(".env.development:3"));
}

TEST_F(CheckCommand, ListsTheDriversThatThereAre_WhenTheOneNamedIsNot) {
  project_.configure("mssql+pyodbc://u:c4n4ry@localhost/d?driver=No+Such+Driver");
  EXPECT_THAT(wrong("configuration", 3), HasSubstr("is not installed; installed: "));
}

TEST_F(CheckCommand, SaysWhyThereIsNoConnection) {
  project_.configure(database_.url(role_, "c4n4ry-wrong"));
  EXPECT_THAT(wrong("connection", 4), HasSubstr("Correct user or password"));
  project_.configure("postgresql://u:c4n4ry@127.0.0.1:1/d");
  EXPECT_THAT(wrong("connection", 4), HasSubstr("whether the server runs"));
  project_.configure("postgresql://u:c4n4ry@no-such-host.invalid/d");
  EXPECT_THAT(wrong("connection", 4), HasSubstr("no-such-host.invalid"));
  project_.configure(with_settings(url(), {{"dbname", "no_such_database"}}));
  EXPECT_THAT(wrong("connection", 4),
              AllOf(HasSubstr("no_such_database"), HasSubstr("Create the database")));
}

TEST_F(CheckCommand, SaysThatTheServerHasNoTls_WhereItIsDemanded) {
  const PostgresCluster cluster{"ssl = off"};
  project_.configure(with_settings(cluster.url(), {{"sslmode", "require"}}));
  EXPECT_THAT(wrong("connection", 4), HasSubstr("SSL"));
}

TEST_F(CheckCommand, NamesTheGrantThatIsMissing) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  database_.exec("REVOKE CREATE ON SCHEMA public FROM \"" + role_ + "\", PUBLIC");
  EXPECT_THAT(wrong("privileges"), HasSubstr("GRANT CREATE ON SCHEMA public TO " + role_ + ";"));
}

TEST_F(CheckCommand, SaysThatMoreConnectionsMayBeOpenedThanAreAllowed) {
  database_.exec("ALTER ROLE \"" + role_ + "\" CONNECTION LIMIT 3");
  EXPECT_THAT(wrong("connections"),
              AllOf(HasSubstr("up to 15 connections, the role allows 3"), HasSubstr("_POOL_SIZE")));
  set("POOL_SIZE", "10000");
  database_.exec("ALTER ROLE \"" + role_ + "\" CONNECTION LIMIT -1");
  EXPECT_THAT(wrong("connections"), HasSubstr("10010 connections, the server allows"));
}

TEST_F(CheckCommand, SaysWhatIsWrongWithTheMigrations) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  EXPECT_THAT(found("migrations", "warning", 0),
              HasSubstr("1 migration pending -> flowdb migrate"));
  EXPECT_EQ(run({"migrate"}).exit_code, 0);
  project_.write("V1__a.sql", "CREATE TABLE a (id int);");
  EXPECT_THAT(wrong("migrations"), HasSubstr("V1__a.sql"));
}

TEST_F(CheckCommand, WarnsOfWhatWillHurtLater) {
  database_.exec("ALTER ROLE \"" + role_ + "\" SUPERUSER VALID UNTIL '" +
                 database_.scalar("SELECT now() + interval '30 hours'") + "'");
  database_.exec("ALTER ROLE \"" + role_ + "\" SET synchronous_commit = off");
  EXPECT_THAT(found("role", "warning", 0), HasSubstr("superuser"));
  EXPECT_THAT(run({"check"}).out,
              AllOf(HasSubstr("expires in 29 h"), HasSubstr("synchronous_commit")));
  EXPECT_THAT(found("durability", "warning", 0), HasSubstr("fsync"));
}

}  // namespace
}  // namespace flowdb::test_support
