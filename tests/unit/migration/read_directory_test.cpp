#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/migrator.hpp>

#include "migration/file_set.hpp"
#include "support/temporary_directory.hpp"

namespace flowdb::migration {
namespace {

namespace fs = std::filesystem;

/// A directory of one's own, gone with the test.
class ReadDirectory : public testing::Test {
 protected:
  void write(const fs::path& name, std::string_view contents = "SELECT 1;\n") {
    const auto path = directory_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << contents;
  }

  std::vector<std::string> scripts() {
    std::vector<std::string> result;
    for (const auto& file : read_directory(directory_).migrations) result.push_back(file.script);
    return result;
  }

  /// What the refusal says, the directory's own path left out.
  std::string refusal() {
    try {
      read_directory(directory_);
    } catch (const MigrationError& error) {
      std::string message = error.what();
      const auto place = message.find(directory_.string());
      return place == std::string::npos ? message
                                        : message.erase(place, directory_.string().size());
    }
    return "accepted";
  }

  test_support::TemporaryDirectory own_{"migrations"};
  fs::path directory_ = own_.path();
};

TEST_F(ReadDirectory, SortsByVersionAndPutsRepeatableScriptsBehind) {
  for (const auto* name : {"V10__x.sql", "V2__x.sql", "R__b.sql", "R__A.sql", "V1.10__x.sql",
                           "V1.9__x.sql", "U2__x.sql", "sub/deeper/V3__x.sql", "README.md"}) {
    write(name);
  }
  EXPECT_EQ(scripts(),
            (std::vector<std::string>{"V1.9__x.sql", "V1.10__x.sql", "V2__x.sql", "U2__x.sql",
                                      "V3__x.sql", "V10__x.sql", "R__A.sql", "R__b.sql"}));
}

TEST_F(ReadDirectory, ReadsContentsWithoutTheByteOrderMark) {
  const std::string_view contents = "-- Grüße\r\nSELECT 1;";
  write("V1__Say_hello.sql", "\xEF\xBB\xBF" + std::string{contents});
  write("V2__Nothing.sql", "");
  const auto files = read_directory(directory_).migrations;
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].script, "V1__Say_hello.sql");
  EXPECT_EQ(files[0].name.description, "Say hello");
  EXPECT_EQ(files[0].contents, contents);
  EXPECT_EQ(files[0].checksum, checksum(contents, ""));
  EXPECT_EQ(files[1].contents, "");
  EXPECT_EQ(files[1].checksum, 0);
}

TEST_F(ReadDirectory, HoldsNothing_WhenItIsEmptyOrMissing) {
  EXPECT_TRUE(scripts().empty());
  EXPECT_TRUE(read_directory(directory_ / "missing").migrations.empty());
}

TEST_F(ReadDirectory, FollowsLinksAsAMountedConfigMapHasThem) {
  write("..2024_01_31/V1__x.sql", "SELECT 31;");
  fs::create_directory_symlink("..2024_01_31", directory_ / "..data");
  fs::create_symlink("..data/V1__x.sql", directory_ / "V1__x.sql");
  write("elsewhere/.hidden/V2__x.sql");
  const auto files = read_directory(directory_).migrations;
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].contents, "SELECT 31;");
}

TEST_F(ReadDirectory, RefusesTwoFilesOfOneVersion) {
  write("V003__a.sql");
  write("sub/V3.0__b.sql");
  write("V012__c.sql");
  write("R__d.sql");
  EXPECT_EQ(refusal(),
            "'V003__a.sql' and 'sub/V3.0__b.sql' have the same version 3.0; give one of them "
            "another, the next free one is 013.");
}

TEST_F(ReadDirectory, RefusesTwoRepeatableScriptsOfOneDescription) {
  write("R__a_b.sql");
  write("sub/R__a_b.sql");
  EXPECT_EQ(refusal(),
            "'R__a_b.sql' and 'sub/R__a_b.sql' have the same description 'a b'; rename one of "
            "them.");
}

TEST_F(ReadDirectory, RefusesWhatItCannotRead) {
  fs::create_symlink("nothing", directory_ / "V1__x.sql");
  EXPECT_EQ(refusal(),
            "Cannot read '/V1__x.sql': No such file or directory; check that it is there and that "
            "this user may read it.");
  fs::remove(directory_ / "V1__x.sql");

  write("V1__x.sql", "SELECT 1;\n\xFF\xFE");
  EXPECT_EQ(refusal(), "V1__x.sql:2: the file is not valid UTF-8; save it in that encoding.");

  write("V1__x.sql");
  write("sub/1__y.sql");
  EXPECT_EQ(refusal(),
            "'1__y.sql' is not a migration's name: the prefix V is missing; rename it to "
            "'V1__y.sql'.");

  directory_ /= "V1__x.sql";
  EXPECT_EQ(refusal(),
            "Cannot read '': Not a directory; check that it is there and that this user may read "
            "it.");
  directory_ = directory_.parent_path();
}

TEST_F(ReadDirectory, TellsCallbacksFromMigrations) {
  write("V1__a.sql");
  write("beforeMigrate.sql", "SELECT 'before';");
  write("deep/afterEachMigrate__Refresh_rights.SQL");
  const auto files = read_directory(directory_);
  EXPECT_EQ(files.location, directory_.string());
  ASSERT_EQ(files.migrations.size(), 1U);
  ASSERT_EQ(files.callbacks.size(), 2U);
  EXPECT_EQ(files.callbacks[0].event, MigrationEvent::after_each_migrate);
  EXPECT_EQ(files.callbacks[1].event, MigrationEvent::before_migrate);
  EXPECT_EQ(files.callbacks[1].file.contents, "SELECT 'before';");
  write("beforeMigrat.sql");
  EXPECT_NE(refusal().find("'beforeMigrat.sql' is not a callback's name: the events are "
                           "beforeMigrate, beforeEachMigrate,"),
            std::string::npos)
      << refusal();
}

TEST_F(ReadDirectory, KnowsTheSameFilesInMemory) {
  const std::string contents = "\xEF\xBB\xBFSELECT 1;\r\n";
  write("sub/V1__a.sql", contents);
  const auto from_directory = read_directory(directory_).migrations.at(0);
  const auto files = read_memory("embedded:x", {{"sub/V1__a.sql", contents}, {"notes.txt", "x"}});
  EXPECT_EQ(files.location, "embedded:x");
  ASSERT_EQ(files.migrations.size(), 1U);
  const auto& from_memory = files.migrations[0];
  EXPECT_EQ(from_memory.script, "V1__a.sql");
  EXPECT_EQ(from_memory.contents, from_directory.contents);
  EXPECT_EQ(from_memory.checksum, from_directory.checksum);
  EXPECT_EQ(from_memory.raw_checksum, from_directory.raw_checksum);
  EXPECT_NE(from_memory.raw_checksum, from_memory.checksum);
}

TEST_F(ReadDirectory, ProposesTheNextName) {
  EXPECT_EQ(next_migration_name(directory_, "Add index"), "V001__Add_index.sql");
  write("V008__a.sql");
  write("V009.1__b.sql");
  write("R__views.sql");
  EXPECT_EQ(next_migration_name(directory_, " two  words "), "V010__two__words.sql");
  for (const auto* bad : {"", "  ", "a/b", "a\nb"}) {
    EXPECT_THROW(next_migration_name(directory_, bad), MigrationError) << bad;
  }
}

}  // namespace
}  // namespace flowdb::migration
