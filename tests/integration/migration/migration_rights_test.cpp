// Roles with few rights: what they may do, and the GRANT that an error gives them.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/migrator.hpp>

#include "integration/migration/migration_fixture.hpp"

namespace flowdb::test_support {
namespace {

using testing::HasSubstr;

/// The GRANT in an error's text.
std::string grant_in(const std::string& text) {
  const auto begin = text.find("GRANT ");
  if (begin == std::string::npos) {
    ADD_FAILURE() << "no GRANT in: " << text;
    return {};
  }
  return text.substr(begin, text.find(';', begin) - begin);
}

std::string status_failure(DatabaseManager manager) {
  try {
    manager.get_migration_status();
  } catch (const MigrationError& error) {
    return error.what();
  }
  return "no error";
}

class MigrationRightsTest : public MigrationTest {
 protected:
  MigrationRightsTest() { database_.exec("REVOKE CREATE ON SCHEMA public FROM PUBLIC"); }
  DatabaseManager manager_of(const std::string& role) const {
    return make_manager(url_of(role), directory_.path());
  }
};

TEST_F(MigrationRightsTest, ShowsTheStatusToARoleThatMayOnlyRead) {
  const auto reader = make_role("reader");
  database_.exec("ALTER ROLE " + reader + " SET default_transaction_read_only = on");
  write("V1__a.sql", "CREATE TABLE a (id int);");
  EXPECT_EQ(manager_of(reader).get_migration_status().pending_migrations.size(), 1U);
  run();
  const auto refusal = status_failure(manager_of(reader));
  EXPECT_THAT(refusal, HasSubstr("permission denied for table schema_version (SQLSTATE 42501)"));
  EXPECT_EQ(grant_in(refusal), "GRANT SELECT ON TABLE public.schema_version TO " + reader);
  database_.exec(grant_in(refusal));
  const auto status = manager_of(reader).get_migration_status();
  EXPECT_EQ(status.current_version, "V1");
  EXPECT_EQ(status.total_applied, 1U);
  EXPECT_TRUE(manager_of(reader).run_migrations().applied.empty());
  auto db = manager_of(reader);
  EXPECT_EQ(Migrator{db}.info().migrations.size(), 1U);
  EXPECT_TRUE(Migrator{db}.validate().is_valid());
}

TEST_F(MigrationRightsTest, GivesTheGrantToARoleThatMayNotCreate) {
  const auto app = make_role("App");
  const auto quoted = scalar("SELECT quote_ident('" + app + "')");
  write("V1__a.sql", "CREATE TABLE a (id int);");
  const auto error = failure_of(manager_of(app));
  EXPECT_EQ(error.sqlstate(), "42501");
  EXPECT_THAT(error.what(), HasSubstr("Cannot create the history of migrations, "
                                      "public.schema_version of 'rpa_db': permission denied for "
                                      "schema public"));
  EXPECT_EQ(grant_in(error.what()), "GRANT CREATE ON SCHEMA public TO " + quoted);
  database_.exec(grant_in(error.what()));
  EXPECT_EQ(manager_of(app).run_migrations().applied.size(), 1U);
}

TEST_F(MigrationRightsTest, GivesTheGrantsForAScriptAndForTheHistory) {
  const auto app = make_role("app");
  write("V1__a.sql", "CREATE TABLE a (id int);");
  run();
  write("V2__b.sql", "SELECT 1;\nUPDATE a SET id = 2;");
  const auto unreadable = failure_of(manager_of(app));
  EXPECT_EQ(grant_in(unreadable.what()), "GRANT SELECT ON TABLE public.schema_version TO " + app);
  database_.exec(grant_in(unreadable.what()));

  const auto in_script = failure_of(manager_of(app));
  EXPECT_EQ(in_script.line(), 2);
  EXPECT_EQ(grant_in(in_script.what()), "GRANT SELECT, UPDATE ON TABLE a TO " + app);
  database_.exec(grant_in(in_script.what()));

  const auto unwritable = failure_of(manager_of(app));
  EXPECT_EQ(grant_in(unwritable.what()),
            "GRANT SELECT, INSERT, UPDATE ON TABLE public.schema_version TO " + app);
  database_.exec(grant_in(unwritable.what()));
  EXPECT_EQ(manager_of(app).run_migrations().applied.size(), 1U);

  write("V3__c.sql", "ALTER TABLE a ADD note text;");
  EXPECT_THAT(failure_of(manager_of(app)).what(), HasSubstr("ALTER TABLE a OWNER TO " + app + ";"));
}

TEST_F(MigrationRightsTest, SaysThatTheSessionIsReadOnly) {
  const auto reader = make_role("reader");
  database_.exec("ALTER ROLE " + reader +
                 " SET default_transaction_read_only = on; GRANT CREATE ON "
                 "SCHEMA public TO " +
                 reader);
  write("V1__a.sql", "CREATE TABLE a (id int);");
  EXPECT_THAT(failure_of(manager_of(reader)).what(), HasSubstr("The session is read-only"));
}

}  // namespace
}  // namespace flowdb::test_support
