#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/cli/command_run.hpp"
#include "support/test_server.hpp"

namespace flowdb::test_support {

/// A project whose database is reached with a password that must never be seen.
class Command : public testing::Test {
 protected:
  Command() {
    database_.exec("CREATE ROLE \"" + role_ + "\" LOGIN PASSWORD '" + password_ +
                   "'; GRANT CREATE ON SCHEMA public TO \"" + role_ + "\"");
    project_.configure(url());
  }
  ~Command() override {
    database_.exec("DROP OWNED BY \"" + role_ + "\"; DROP ROLE \"" + role_ + "\"");
  }

  std::string url() const { return database_.url(role_, password_); }

  CommandResult run(const std::vector<std::string>& arguments,
                    CommandOutput output = CommandOutput::pipe) const {
    auto result = project_.run(arguments, output);
    EXPECT_THAT(result.out + result.error, testing::Not(testing::HasSubstr("c4n4ry")));
    return result;
  }
  /// The document of a call that ends with `exit_code`.
  nlohmann::json document(std::vector<std::string> arguments, int exit_code = 0) const {
    arguments.emplace_back("--json");
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.error;
    return nlohmann::json::parse(result.out);
  }

  const std::string password_ = "c4n4ry-p@ss";
  TestDatabase database_;
  std::string role_ = database_.name() + "_command";
  CommandProject project_;
};

}  // namespace flowdb::test_support
