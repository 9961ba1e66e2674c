#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "migration/migration_file.hpp"

namespace flowdb::migration {
namespace {

TEST(FileName, IsTakenApart) {
  struct Case {
    std::string_view name;
    MigrationKind kind;
    std::string_view version;
    std::string_view description;
  };
  const Case cases[] = {
      {"V001__Create_users.sql", MigrationKind::versioned, "001", "Create users"},
      {"V1.2_3__x.SQL", MigrationKind::versioned, "1.2.3", "x"},
      {"V20240131120000__x.Sql", MigrationKind::versioned, "20240131120000", "x"},
      {"V1__a__b.sql", MigrationKind::versioned, "1", "a  b"},
      {"V1___a_.sql", MigrationKind::versioned, "1", " a "},
      {"V1__Größe.v2.sql", MigrationKind::versioned, "1", "Größe.v2"},
      {"U1__x.sql", MigrationKind::undo, "1", "x"},
      {"B7__x.sql", MigrationKind::baseline, "7", "x"},
      {"R__Refresh_views.sql", MigrationKind::repeatable, "", "Refresh views"},
  };
  for (const auto& each : cases) {
    const auto name = parse_file_name(std::string{each.name});
    ASSERT_TRUE(name) << each.name;
    EXPECT_EQ(name->kind, each.kind) << each.name;
    EXPECT_EQ(name->version ? name->version->text() : "", each.version);
    EXPECT_EQ(name->description, each.description);
  }
}

TEST(FileName, IsNoMigration_WhenItEndsOtherwiseOrIsHidden) {
  for (const auto* name : {"", "README.md", "V1__x.sql.bak", "V1__x.sql~", "V1__x", "sql",
                           "V1__x.psql", ".sql", ".V1__x.sql", ".#V1__x.sql", "#V1__x.sql#"}) {
    EXPECT_EQ(parse_file_name(name).has_value(), false) << name;
  }
}

TEST(FileName, IsRefusedWithWhatToRenameItTo) {
  struct Refusal {
    std::string_view name;
    std::string_view problem;
  };
  constexpr std::string_view anything =
      "; name it V{version}__{description}.sql or R__{description}.sql, or give it another ending.";
  const Refusal renamed[] = {
      {"001__x.sql", "the prefix V is missing; rename it to 'V001__x.sql'."},
      {"1.2__x.SQL", "the prefix V is missing; rename it to 'V1.2__x.SQL'."},
      {"v1__x.sql", "its prefix is in lower case; rename it to 'V1__x.sql'."},
      {"r__x.sql", "its prefix is in lower case; rename it to 'R__x.sql'."},
      {"V001_x.sql",
       "two underscores must stand before the description; rename it to 'V001__x.sql'."},
      {"V1.2-Add_index.sql",
       "two underscores must stand before the description; rename it to 'V1.2__Add_index.sql'."},
      {"R_x.sql", "two underscores must stand before the description; rename it to 'R__x.sql'."},
      {"V1.sql", "the description is missing; rename it to 'V1__description.sql'."},
      {"V1_2_.sql", "the description is missing; rename it to 'V1_2__description.sql'."},
      {"R1__x.sql", "a repeatable script has no version; rename it to 'R__x.sql'."},
  };
  const Refusal generic[] = {
      {"V1.a__x.sql", "its version '1.a' is not made of numbers with '.' or '_' between them"},
      {"V1.__x.sql", "its version '1.' is not made of numbers with '.' or '_' between them"},
      {"V-1__x.sql", "its version '-1' is not made of numbers with '.' or '_' between them"},
      {"V001_x__y.sql", "its version '001_x' is not made of numbers with '.' or '_' between them"},
      {"V__x.sql", "the version is missing"},
      {"V1__.sql", "the description is missing"},
      {"R__.sql", "the description is missing"},
      {"Views.sql", "two underscores must stand before the description"},
      {"setup.sql", "it begins with none of the prefixes V, R, U and B"},
      {"V1__\xFF.sql", "it is not valid UTF-8"},
  };
  const auto expect_refused = [](std::string_view name, const std::string& problem) {
    try {
      parse_file_name(std::string{name});
      ADD_FAILURE() << "accepted: " << name;
    } catch (const MigrationError& error) {
      EXPECT_EQ(error.what(), "'" + std::string{name} + "' is not a migration's name: " + problem);
      EXPECT_EQ(error.script(), name);
    }
  };
  for (const auto& each : renamed) expect_refused(each.name, std::string{each.problem});
  for (const auto& each : generic) {
    expect_refused(each.name, std::string{each.problem} + std::string{anything});
  }
}

}  // namespace
}  // namespace flowdb::migration
