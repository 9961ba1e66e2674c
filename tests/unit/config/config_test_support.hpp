#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "support/temporary_directory.hpp"

namespace flowdb::config_test {

/// Sets a variable of the process environment, or unsets it, and puts it back at the end.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const std::optional<std::string>& value)
      : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) {
      before_ = before;
    }
    assign(value);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() { assign(before_); }

 private:
  void assign(const std::optional<std::string>& value) const {
    value ? ::setenv(name_.c_str(), value->c_str(), 1) : ::unsetenv(name_.c_str());
  }

  std::string name_;
  std::optional<std::string> before_;
};

/// An empty project folder and an environment without the variables that configuration looks at.
class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    for (const char* name : {"FLOWDB_ENVIRONMENT", "PREFECT_ENVIRONMENT", "FLOWDB_PROJECT_ROOT",
                             "PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE", "PGSSLROOTCERT"}) {
      set_variable(name, std::nullopt);
    }
  }
  ~ConfigTest() override {
    while (!variables_.empty()) {
      variables_.pop_back();
    }
  }

  void set_variable(const std::string& name, const std::optional<std::string>& value) {
    variables_.push_back(std::make_unique<ScopedVariable>(name, value));
  }
  void write(const std::filesystem::path& name, const std::string& text) const {
    std::filesystem::create_directories((root() / name).parent_path());
    std::ofstream{root() / name, std::ios::binary} << text;
  }
  void write_global(const std::string& text) const { write("core/envs/.env.development", text); }
  void write_flow(const std::string& text) const { write("flows/rpa1/.env.development", text); }
  const std::filesystem::path& root() const { return root_.path(); }

 private:
  test_support::TemporaryDirectory root_{"config"};
  std::vector<std::unique_ptr<ScopedVariable>> variables_;
};

/// What an expected exception says; anything else is a failure of the test.
template <typename Expected, typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Expected& error) {
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another exception: " << error.what();
    return {};
  }
  ADD_FAILURE() << "no exception";
  return {};
}

}  // namespace flowdb::config_test
