#pragma once

#include <exception>
#include <string>

#include <gtest/gtest.h>

#include "support/test_server.hpp"

namespace flowdb::test {

/// A role that may log in to a test's database, and vanishes with all that it owns there.
class TestRole {
 public:
  TestRole(test_support::TestDatabase& database, const std::string& password)
      : database_{database}, name_{database.name() + "_role"}, url_{database.url(name_, password)} {
    database_.exec("CREATE ROLE " + name_ + " LOGIN PASSWORD '" + password + "'");
    database_.exec("GRANT ALL ON SCHEMA public TO " + name_);
  }
  ~TestRole() {
    try {
      database_.exec("DROP OWNED BY " + name_ + "; DROP ROLE " + name_);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  TestRole(const TestRole&) = delete;
  TestRole& operator=(const TestRole&) = delete;

  const std::string& name() const { return name_; }
  const std::string& url() const { return url_; }
  /// Every later session of the role starts with this setting.
  void set(const std::string& setting, const std::string& value) {
    database_.exec("ALTER ROLE " + name_ + " SET " + setting + " = '" + value + "'");
  }

 private:
  test_support::TestDatabase& database_;
  std::string name_;
  std::string url_;
};

}  // namespace flowdb::test
