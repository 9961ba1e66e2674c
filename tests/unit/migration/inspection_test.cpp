#include "migration/postgresql/inspection.hpp"

#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowdb::migration::postgresql {
namespace {

using testing::HasSubstr;
using Outcome = Inspection::Outcome;

std::string param(const InspectionQuestion& question, const char* name) {
  const auto* value = question.params.find(name);
  return value == nullptr ? "none" : std::get<std::string>(value->data());
}

TEST(Inspection, LooksForTheIndexOfThatTablesSchema) {
  const auto question = inspection_of(
      "create unique index /* now */ concurrently if not exists \"My \"\"idx\" ON ONLY "
      "app.\"Orders\" USING btree (id)");
  EXPECT_EQ(param(question, "name"), "My \"idx");
  EXPECT_EQ(param(question, "table_name"), "app.\"Orders\"");
  EXPECT_TRUE(question.makes);
  EXPECT_THAT(question.sql, HasSubstr("NOT i.indisvalid AS is_broken"));
  EXPECT_THAT(question.advice, HasSubstr("DROP INDEX CONCURRENTLY app.\"My \"\"idx\";"));
  EXPECT_EQ(param(inspection_of("CREATE INDEX CONCURRENTLY Upper ON t (a)"), "name"), "upper");
}

TEST(Inspection, CanOnlyAsk_WhenAnIndexHasNoNameInTheScript) {
  const auto question = inspection_of("CREATE INDEX CONCURRENTLY ON t (a)");
  EXPECT_EQ(question.sql, "");
  EXPECT_EQ(question.otherwise, Outcome::unknown);
  EXPECT_THAT(question.advice, HasSubstr("Give indexes a name"));
}

TEST(Inspection, LooksForWhatIsTakenAway) {
  const auto index = inspection_of("DROP INDEX CONCURRENTLY IF EXISTS app.i CASCADE");
  EXPECT_FALSE(index.makes);
  EXPECT_EQ(param(index, "name"), "app.i");
  const auto database = inspection_of("DROP DATABASE IF EXISTS Old WITH (FORCE)");
  EXPECT_FALSE(database.makes);
  EXPECT_EQ(param(database, "name"), "old");
  EXPECT_THAT(database.sql, HasSubstr("pg_database"));
  const auto partition =
      inspection_of("ALTER TABLE IF EXISTS ONLY app.t DETACH PARTITION app.p CONCURRENTLY");
  EXPECT_FALSE(partition.makes);
  EXPECT_EQ(param(partition, "partition"), "app.p");
  EXPECT_THAT(partition.advice, HasSubstr("ALTER TABLE app.t DETACH PARTITION app.p FINALIZE;"));
}

TEST(Inspection, LooksForWhatTheClusterHas) {
  EXPECT_THAT(inspection_of("CREATE DATABASE d TEMPLATE t").sql, HasSubstr("pg_database"));
  EXPECT_THAT(inspection_of("CREATE TABLESPACE s LOCATION '/x'").sql, HasSubstr("pg_tablespace"));
  EXPECT_THAT(inspection_of("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p").sql,
              HasSubstr("pg_stat_subscription"));
}

TEST(Inspection, KnowsWhatMayRunTwice) {
  for (const auto* text :
       {"VACUUM FULL t", "REINDEX TABLE CONCURRENTLY t", "DISCARD ALL", "CLUSTER",
        "ALTER SYSTEM SET work_mem = '1MB'", "ALTER DATABASE d SET TABLESPACE s"}) {
    EXPECT_EQ(inspection_of(text).otherwise, Outcome::repeatable) << text;
    EXPECT_EQ(inspection_of(text).sql, "") << text;
  }
}

}  // namespace
}  // namespace flowdb::migration::postgresql
