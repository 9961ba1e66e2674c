#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <flowdb/database_manager.hpp>
#include <flowdb/error.hpp>

#include "integration/any_server/server_under_test.hpp"
#include "integration/manager_for.hpp"
#include "integration/migration/migration_fixture.hpp"

namespace flowdb::test {

/// A database of its own on a server that speaks T-SQL, dropped with it.
class MigrationDatabase {
 public:
  MigrationDatabase();
  ~MigrationDatabase();
  MigrationDatabase(const MigrationDatabase&) = delete;
  MigrationDatabase& operator=(const MigrationDatabase&) = delete;

  const std::string& url() const { return url_; }

 private:
  void execute(const std::string& sql) const;

  TestTarget server_;
  std::string name_;
  std::string url_;
};

/// An empty database and an empty directory of migrations.
class SqlserverMigration : public testing::Test {
 protected:
  void write(const std::string& script, std::string_view contents) const {
    directory_.write(script, contents);
  }
  DatabaseManager manager() const {
    return test_support::make_manager(database_.url(), directory_.path());
  }
  /// The error that run_migrations() must end with.
  MigrationError failure() const;

  /// The only cell.
  template <class T>
  T cell(const std::string& sql) {
    return observer_.execute_query(sql).scalar<T>();
  }
  /// `V1__a.sql,V2__b.sql`: what the history says was applied, in that order.
  std::string history();
  bool has_table(const std::string& name);

  MigrationDatabase database_;
  test_support::MigrationDirectory directory_;
  DatabaseManager observer_ = manager();
};

}  // namespace flowdb::test
