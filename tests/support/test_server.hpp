#pragma once

#include <string>

#include "support/observer.hpp"

namespace flowdb::test_support {

/// The superuser's URL of this run's server: FLOWDB_TEST_POSTGRES, else that of the private cluster
/// which ctest started. Throws std::runtime_error when there is neither.
std::string postgres_url();

/// A database of its own on postgres_url()'s server, dropped with whoever is still connected.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  std::string url() const;
  std::string url(const std::string& user, const std::string& password) const;

  /// As Observer's, over one connection that flowdb knows nothing of.
  void exec(const std::string& sql) { observer_.exec(sql); }
  std::string scalar(const std::string& sql) { return observer_.scalar(sql); }

 private:
  std::string name_;
  Observer observer_;
};

}  // namespace flowdb::test_support
