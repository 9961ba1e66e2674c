#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/config.hpp>

#include "config/dotenv.hpp"
#include "config/postgresql_connection_string.hpp"
#include "config/settings.hpp"
#include "unit/config/config_test_support.hpp"

namespace flowdb::config {
namespace {

constexpr unsigned kSeed = 20240115;
// Two halves: a mutation may cut the password in two, and neither part may be shown.
const std::string kFirstHalf = "canary";
const std::string kSecondHalf = "yranac";
const std::string kCanary = kFirstHalf + kSecondHalf;

class ConfigCanary : public config_test::ConfigTest {
 protected:
  /// Runs `action`; true when it threw. What was said must not hold a part of the canary.
  template <typename Action>
  static bool throws_without_canary(const std::string& input, Action action) {
    try {
      action();
    } catch (const std::exception& error) {
      const std::string message = error.what();
      EXPECT_EQ(message.find(kFirstHalf), std::string::npos) << input << "\n" << message;
      EXPECT_EQ(message.find(kSecondHalf), std::string::npos) << input << "\n" << message;
      return true;
    }
    return false;
  }

  /// One to three characters inserted, deleted or replaced, mostly by those that mean something.
  std::string mutate(std::string text) {
    const std::string alphabet("/?#@:%&=+[]{}'\"\\ ,;$\n\t\0x9", 25);
    const auto below = [this](std::size_t bound) {
      return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
    };
    for (std::size_t count = 1 + below(3); count > 0; --count) {
      const auto position = below(text.size());
      const char character = alphabet[below(alphabet.size())];
      switch (below(3)) {
        case 0:
          text.insert(position, 1, character);
          break;
        case 1:
          text.erase(position, 1);
          break;
        default:
          text[position] = character;
      }
    }
    return text;
  }

 private:
  std::mt19937 random_{kSeed};
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
    for (int i = 0; i < 100; ++i) {
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
  EXPECT_GT(refused, 200);
  EXPECT_GT(accepted, 20);
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
