#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/config.hpp>

#include "config/dotenv.hpp"
#include "config/postgresql_connection_string.hpp"
#include "config/settings.hpp"
#include "unit/config/canary_support.hpp"
#include "unit/config/config_test_support.hpp"

namespace flowdb::config {
namespace {

using config_test::kCanary;
using config_test::kFirstHalf;
using config_test::kSecondHalf;
using config_test::throws_without_canary;

class ConfigCanary : public config_test::ConfigTest {
 protected:
  std::string mutate(const std::string& text) { return mutation_.apply(text); }

 private:
  config_test::Mutation mutation_;
};

TEST_F(ConfigCanary, IsInNoErrorAboutAConnectionString) {
  const std::vector<std::string> originals = {
      "postgresql://flow:" + kCanary + "@db.example:5432/rpa?sslmode=prefer",
      "postgresql+psycopg2://flow:" + kFirstHalf + "%2F" + kSecondHalf + "@[::2]:5432/rpa?ssl=true",
      "postgresql://db.example:70000/rpa?user=flow&password=" + kCanary,
      "host=db.example port=5432 user=flow password=" + kCanary + " sslmode=allow",
      "host=db.example user=flow password='" + kFirstHalf + "\\'" + kSecondHalf + "' dbname=rpa x=",
      "host=db.example password=" + kFirstHalf + " " + kSecondHalf + "=x",
      "mysql://flow:" + kCanary + "@db.example/rpa",
      "DRIVER={FreeTDS};SERVER=db;UID=flow;PWD=" + kCanary,
  };
  int refused = 0;
  int accepted = 0;
  for (const auto& original : originals) {
    for (int i = 0; i < 750; ++i) {
      const auto text = i == 0 ? original : mutate(original);
      const bool is_refused =
          throws_without_canary(text, [&] { parse_postgresql("rpa_db", Secret{text}, false); });
      throws_without_canary(text, [&] {
        DatabaseOptions options;
        options.connection_string = text;
        resolve_settings("rpa_db", ConfigManager{{.project_root = root()}}, options);
      });
      ++(is_refused ? refused : accepted);
    }
  }
  EXPECT_GT(refused, 1500);
  EXPECT_GT(accepted, 150);
}

TEST_F(ConfigCanary, IsInNoErrorAboutAnEnvironmentFile) {
  const std::string prefix = "DEVELOPMENT_GLOBAL_RPA_DB_";
  const std::vector<std::string> originals = {
      prefix + "CONNECTION_STRING=postgresql://flow:" + kCanary + "@db.example:5432/rpa\n",
      prefix + "CONNECTION_STRING=\"postgresql://flow:" + kCanary + "@db.example:5432/rpa\"\n",
      "PASSWORD='" + kFirstHalf + "\\'" + kSecondHalf + "'\n" + prefix +
          "CONNECTION_STRING=\"host=db.example password='${PASSWORD}'\"\n" + prefix + "TYPE=x\n",
      "# " + kCanary + "\nexport PASSWORD=" + kCanary + "\n" + kCanary + "\n",
      prefix + "CONNECTION_STRING=" + kCanary + "\n" + prefix + "TYPE=" + kCanary + "\n",
  };
  int refused = 0;
  for (const auto& original : originals) {
    for (int i = 0; i < 100; ++i) {
      const auto text = i == 0 ? original : mutate(original);
      write_global(text);
      refused += throws_without_canary(text, [&] {
        const auto settings =
            resolve_settings("rpa_db", ConfigManager{{.project_root = root()}}, {});
        parse_postgresql("rpa_db", settings.connection_string, false);
      });
    }
  }
  EXPECT_GT(refused, 200);
}

}  // namespace
}  // namespace flowdb::config
