#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/database_manager.hpp>
#include <flowdb/error.hpp>

#include "support/temporary_directory.hpp"
#include "support/test_server.hpp"

namespace flowdb::test_support {

/// A temporary directory for migrations, removed with the object.
class MigrationDirectory {
 public:
  void write(const std::string& script, std::string_view contents) const;
  void remove(const std::string& script) const;
  const std::filesystem::path& path() const { return directory_.path(); }

 private:
  TemporaryDirectory directory_{"migrations"};
};

/// A manager named rpa_db, with that database, on either kind of server, and that directory.
DatabaseManager make_manager(const std::string& url, const std::filesystem::path& migrations,
                             bool auto_migrate = false);

/// An empty database and an empty directory of migrations.
class MigrationTest : public testing::Test {
 public:
  ~MigrationTest() override;

 protected:
  void write(const std::string& script, std::string_view contents) const {
    directory_.write(script, contents);
  }
  DatabaseManager manager() const { return make_manager(database_.url(), directory_.path()); }
  MigrationReport run() const { return manager().run_migrations(); }
  /// The error that run_migrations() must end with.
  MigrationError failure() const { return failure_of(manager()); }
  static MigrationError failure_of(DatabaseManager manager);

  /// A login role of this test's own, with no rights but those of everybody; gone with the test.
  std::string make_role(const std::string& suffix);
  std::string url_of(const std::string& role) const { return database_.url(role, "secret"); }

  /// The only cell, as text.
  std::string scalar(const std::string& sql) { return database_.scalar(sql); }
  /// `V1__a.sql,V2__b.sql`: what the history says was applied, in that order.
  std::string history();
  bool has_table(const std::string& name);

  TestDatabase database_;
  MigrationDirectory directory_;

 private:
  std::vector<std::string> roles_;
};

}  // namespace flowdb::test_support
