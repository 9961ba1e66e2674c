#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/config.hpp>

#include "unit/config/config_test_support.hpp"

namespace flowdb {
namespace {

using config_test::message_of;

class ConfigManagerTest : public config_test::ConfigTest {
 protected:
  ConfigManager manager(std::string flow_name = "rpa1", CredentialProvider provider = {}) const {
    return ConfigManager{{.flow_name = std::move(flow_name),
                          .project_root = root(),
                          .credential_provider = std::move(provider)}};
  }
};

TEST_F(ConfigManagerTest, TakesEnvironmentAndRootFromArgumentThenVariables) {
  set_variable("FLOWDB_PROJECT_ROOT", root().string());
  EXPECT_EQ(ConfigManager{}.environment(), "development");
  EXPECT_EQ(ConfigManager{}.project_root(), root());
  set_variable("PREFECT_ENVIRONMENT", "staging");
  EXPECT_EQ(ConfigManager{}.environment(), "staging");
  set_variable("FLOWDB_ENVIRONMENT", "production");
  EXPECT_EQ(ConfigManager{}.environment(), "production");
  set_variable("FLOWDB_ENVIRONMENT", "");
  EXPECT_EQ(ConfigManager{}.environment(), "staging");
  const ConfigManager given{{.environment = "test", .project_root = root() / ".."}};
  EXPECT_EQ(given.environment(), "test");
  EXPECT_EQ(given.project_root(), root() / "..");
  set_variable("FLOWDB_PROJECT_ROOT", std::nullopt);
  EXPECT_EQ(ConfigManager{}.project_root(), std::filesystem::current_path());
}

TEST_F(ConfigManagerTest, RefusesNamesAndRootsThatCannotBe) {
  for (const char* name : {"../etc", "a b", "a.b", "\xC3\xBC"}) {
    EXPECT_EQ(message_of<InvalidArgument>([&] { manager(name); }),
              "ConfigOptions::flow_name may hold only letters, digits, '_' and '-'");
    EXPECT_EQ(message_of<InvalidArgument>([&] { ConfigManager{{.environment = name}}; }),
              "ConfigOptions::environment may hold only letters, digits, '_' and '-'");
    set_variable("PREFECT_ENVIRONMENT", name);
    EXPECT_EQ(message_of<ConfigurationError>([] { ConfigManager{}; }),
              "PREFECT_ENVIRONMENT may hold only letters, digits, '_' and '-'");
  }
  set_variable("PREFECT_ENVIRONMENT", std::nullopt);
  const auto missing = root() / "nowhere";
  EXPECT_EQ(message_of<ConfigurationError>([&] { ConfigManager{{.project_root = missing}}; }),
            "ConfigOptions::project_root is not a directory: " + missing.string());
  EXPECT_EQ(message_of<InvalidArgument>([&] { manager().get(""); }),
            "A configuration key must not be empty");
}

// Each step sets the next stronger place, from the weakest on.
TEST_F(ConfigManagerTest, PrefersFlowToGlobalAndProviderToProcessToFlowFileToGlobalFile) {
  const auto value = [this](CredentialProvider provider = {}) {
    return manager("rpa1", std::move(provider)).get_or("Some_Key", "nothing");
  };
  const auto provide = [](std::string wanted) {
    return [wanted = std::move(wanted)](std::string_view variable) {
      return variable == wanted ? std::optional<std::string>{"provider"} : std::nullopt;
    };
  };
  const std::string global = "DEVELOPMENT_GLOBAL_SOME_KEY";
  const std::string flow = "DEVELOPMENT_RPA1_SOME_KEY";

  EXPECT_EQ(value(), "nothing");
  write_global(global + "=global in global file\n");
  EXPECT_EQ(value(), "global in global file");
  write_flow(global + "=global in flow file\n");
  EXPECT_EQ(value(), "global in flow file");
  set_variable(global, "global in process");
  EXPECT_EQ(value(), "global in process");
  EXPECT_EQ(value(provide(global)), "provider");
  write_global(flow + "=flow in global file\n");
  EXPECT_EQ(value(provide(global)), "flow in global file");
  write_flow(flow + "=flow in flow file\n");
  EXPECT_EQ(value(), "flow in flow file");
  set_variable(flow, "flow in process");
  EXPECT_EQ(value(), "flow in process");
  EXPECT_EQ(value(provide(flow)), "provider");

  EXPECT_EQ(manager().variable_in_force("some_key"), flow);
  EXPECT_EQ(manager("").variable_in_force("some_key"), global);
  EXPECT_EQ(manager("").get("some_key"), "global in process");
  EXPECT_EQ(manager("rpa2").get("some_key"), "global in process");
  EXPECT_EQ(manager().variable_in_force("other"), "DEVELOPMENT_GLOBAL_OTHER");
}

TEST_F(ConfigManagerTest, MapsHyphensToUnderscoresInVariables) {
  const ConfigManager config{
      {.flow_name = "rpa-1", .environment = "pre-prod", .project_root = root()}};
  EXPECT_EQ(config.global_variable("my-db_TYPE"), "PRE_PROD_GLOBAL_MY_DB_TYPE");
  set_variable("PRE_PROD_RPA_1_MY_DB_TYPE", "x");
  EXPECT_EQ(config.get("my-db_type"), "x");
}

TEST_F(ConfigManagerTest, ReadsTheFilesOnceAndNeverChangesTheEnvironment) {
  write_global("DEVELOPMENT_GLOBAL_A=1\n");
  const auto config = manager();
  write_global("DEVELOPMENT_GLOBAL_A=2\n");
  EXPECT_EQ(config.get("A"), "1");
  EXPECT_EQ(std::getenv("DEVELOPMENT_GLOBAL_A"), nullptr);
}

TEST_F(ConfigManagerTest, LetsTheFlowsFileReferToTheGlobalOne) {
  write_global("HOST=db1\n");
  write_flow("DEVELOPMENT_RPA1_A=${HOST}:5432\n");
  EXPECT_EQ(manager().get("A"), "db1:5432");
}

TEST_F(ConfigManagerTest, NamesThePlacesSearched) {
  EXPECT_EQ(manager().places_searched(), "process environment, core/envs/.env.development");
  write_flow("");
  EXPECT_EQ(manager().places_searched(),
            "process environment, flows/rpa1/.env.development, core/envs/.env.development");
  const auto none = [](std::string_view) { return std::optional<std::string>{}; };
  EXPECT_EQ(manager("", none).places_searched(),
            "credential provider, process environment, core/envs/.env.development");
}

TEST_F(ConfigManagerTest, ReadsSecretFiles) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"s3cret", "s3cret"},
                                                                  {"s3cret\n", "s3cret"},
                                                                  {"s3cret\r\n", "s3cret"},
                                                                  {"s3cret\n\n", "s3cret\n"},
                                                                  {" s \n", " s "},
                                                                  {"s\r", "s\r"},
                                                                  {"", ""}};
  for (const auto& [content, expected] : cases) {
    write("secrets/a", content);
    write_global("DEVELOPMENT_GLOBAL_A_FILE=secrets/a\n");
    EXPECT_EQ(manager().get("A"), expected);
  }
  set_variable("DEVELOPMENT_RPA1_A_FILE", (root() / "secrets/b").string());
  write("secrets/b", "absolute\n");
  EXPECT_EQ(manager().get("A"), "absolute");
  EXPECT_EQ(manager().variable_in_force("A"), "DEVELOPMENT_RPA1_A");
}

TEST_F(ConfigManagerTest, RefusesSecretFilesThatCannotBeReadOrAreSetTwice) {
  write_global("DEVELOPMENT_GLOBAL_A_FILE=secrets/a\n");
  EXPECT_EQ(message_of<ConfigurationError>([this] { manager().get("A"); }),
            "The file that DEVELOPMENT_GLOBAL_A_FILE names (set in core/envs/.env.development) "
            "cannot be read: No such file or directory");
  write("secrets/a/b", "");
  EXPECT_EQ(message_of<ConfigurationError>([this] { manager().get("A"); }),
            "The file that DEVELOPMENT_GLOBAL_A_FILE names (set in core/envs/.env.development) "
            "cannot be read: Is a directory");
  write_global("DEVELOPMENT_GLOBAL_A_FILE=secrets/a/b\nDEVELOPMENT_GLOBAL_A=x\n");
  EXPECT_EQ(message_of<ConfigurationError>([this] { manager().get("A"); }),
            "Both DEVELOPMENT_GLOBAL_A and DEVELOPMENT_GLOBAL_A_FILE are set in "
            "core/envs/.env.development; set one of them");
  write_global("DEVELOPMENT_GLOBAL_A_FILE=\nDEVELOPMENT_GLOBAL_A=x\n");
  EXPECT_EQ(manager().get("A"), "x");
  // A stronger place decides alone.
  write_global("DEVELOPMENT_GLOBAL_A_FILE=secrets/nowhere\n");
  set_variable("DEVELOPMENT_GLOBAL_A", "process");
  EXPECT_EQ(manager().get("A"), "process");
}

TEST_F(ConfigManagerTest, RefusesABadFileAtConstruction) {
  write_flow("A=1\nB='\n");
  EXPECT_EQ(message_of<ConfigurationError>([this] { manager(); }),
            "flows/rpa1/.env.development:2: the quote that begins in this line is not closed");
  EXPECT_NO_THROW(manager("rpa2"));
  write("flows/rpa2/.env.development/x", "");
  EXPECT_EQ(message_of<ConfigurationError>([this] { manager("rpa2"); }),
            "flows/rpa2/.env.development cannot be read: Is a directory");
  write("core/envs/.env.development", std::string(2 << 20, '#'));
  EXPECT_EQ(message_of<ConfigurationError>([this] { manager(""); }),
            "core/envs/.env.development cannot be read: File too large");
}

TEST_F(ConfigManagerTest, PassesOnWhatAProviderThrows) {
  const auto config = manager("", [](std::string_view) -> std::optional<std::string> {
    throw std::out_of_range("vault sealed");
  });
  EXPECT_EQ(message_of<std::out_of_range>([&] { config.get("A"); }), "vault sealed");
}

TEST_F(ConfigManagerTest, ReadsIntegersAndBooleansAndSaysWhatIsWrong) {
  const auto set = [this](const std::string& text) {
    set_variable("DEVELOPMENT_GLOBAL_N", text);
    return manager();
  };
  const std::string name = "DEVELOPMENT_GLOBAL_N must ";
  EXPECT_EQ(manager().get_positive_integer("N"), std::nullopt);
  EXPECT_EQ(manager().get_non_negative_integer("N"), std::nullopt);
  EXPECT_EQ(manager().get_boolean("N"), std::nullopt);
  EXPECT_EQ(set(" 2147483647 ").get_positive_integer("N"), 2147483647);
  EXPECT_EQ(set("0").get_non_negative_integer("n"), 0);
  for (const std::string bad : {"abc", "", "0", "-1", "1.5", "0x10", "5s", "2147483648", "+-1"}) {
    EXPECT_EQ(message_of<ConfigurationError>([&] { set(bad).get_positive_integer("N"); }),
              name + "be a positive integer, got: '" + bad + "'");
  }
  EXPECT_EQ(message_of<ConfigurationError>([&] { set("-1").get_non_negative_integer("N"); }),
            name + "not be negative, got: '-1'");
  EXPECT_EQ(message_of<ConfigurationError>([&] { set("abc").get_non_negative_integer("N"); }),
            name + "be an integer and must not be negative, got: 'abc'");
  for (const char* word : {"true", "1", "yes", "on", "enabled", "TRUE", "Yes", " oN "}) {
    EXPECT_EQ(set(word).get_boolean("N"), true) << word;
  }
  for (const char* word : {"false", "0", "no", "off", "disabled", "FALSE", "No"}) {
    EXPECT_EQ(set(word).get_boolean("N"), false) << word;
  }
  EXPECT_EQ(message_of<ConfigurationError>([&] { set("maybe").get_boolean("N"); }),
            name +
                "be true, 1, yes, on or enabled, or false, 0, no, off or disabled, got: "
                "'maybe'");
}

TEST_F(ConfigManagerTest, ShowsNoValueThatMayBeASecret) {
  const std::string expected = "DEVELOPMENT_GLOBAL_N must be a positive integer";
  const auto refuse = [](const ConfigManager& config) {
    return message_of<ConfigurationError>([&] { config.get_positive_integer("N"); });
  };
  EXPECT_EQ(refuse(manager("", [](std::string_view) { return std::optional{std::string{"s"}}; })),
            expected);
  set_variable("DEVELOPMENT_GLOBAL_N", std::string(41, 'x'));
  EXPECT_EQ(refuse(manager()), expected);
  set_variable("DEVELOPMENT_GLOBAL_N", "a\nb");
  EXPECT_EQ(refuse(manager()), expected);
  set_variable("DEVELOPMENT_GLOBAL_N", std::nullopt);
  write("secret", "s3cret");
  set_variable("DEVELOPMENT_GLOBAL_N_FILE", "secret");
  EXPECT_EQ(refuse(manager()), expected);
}

}  // namespace
}  // namespace flowdb
