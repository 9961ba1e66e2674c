#include "support/test_server.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>

#include "support/connection_url.hpp"

namespace flowdb::test_support {
namespace {

/// Creates a database under a name that no other process can have taken.
std::string create_database() {
  std::random_device random;
  const std::string name =
      "flowdb_test_" + std::to_string(random()) + '_' + std::to_string(random());
  Observer{postgres_url()}.exec("CREATE DATABASE " + name);
  return name;
}

}  // namespace

std::string postgres_url() {
  const char* given = std::getenv("FLOWDB_TEST_POSTGRES");
  if (given != nullptr && *given != '\0') return given;
  std::ifstream file{FLOWDB_TEST_STATE_DIR "/postgres_url"};
  std::string url;
  if (!std::getline(file, url)) {
    throw std::runtime_error(
        "no PostgreSQL server for the tests: run them with ctest, which starts one, or set "
        "FLOWDB_TEST_POSTGRES to a superuser's connection string");
  }
  return url;
}

TestDatabase::TestDatabase() : name_{create_database()}, observer_{url()} {}

TestDatabase::~TestDatabase() {
  try {
    Observer{postgres_url()}.exec("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::exception& error) {
    std::cerr << "dropping " << name_ << ": " << error.what();
  }
}

std::string TestDatabase::url() const {
  return with_settings(postgres_url(), {{"dbname", name_}});
}

std::string TestDatabase::url(const std::string& user, const std::string& password) const {
  return with_settings(postgres_url(), {{"dbname", name_}, {"user", user}, {"password", password}});
}

}  // namespace flowdb::test_support
