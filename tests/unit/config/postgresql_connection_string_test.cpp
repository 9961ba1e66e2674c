#include "config/postgresql_connection_string.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "config/postgresql_keywords.hpp"
#include "unit/config/config_test_support.hpp"

namespace flowdb::config {
namespace {

using config_test::message_of;
using namespace std::string_literals;

using Keywords = std::map<std::string, std::string>;

/// What libpq reads in `text`.
Keywords read_by_libpq(const std::string& text) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
      PQconninfoParse(text.c_str(), &message), &PQconninfoFree};
  const std::unique_ptr<char, decltype(&PQfreemem)> freed{message, &PQfreemem};
  EXPECT_NE(options, nullptr) << (message == nullptr ? "" : message);
  Keywords keywords;
  for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    if (option->val != nullptr) {
      keywords[option->keyword] = option->val;
    }
  }
  return keywords;
}

const Keywords kDefaults = {{"gssencmode", "disable"},     {"client_encoding", "UTF8"},
                            {"keepalives", "1"},           {"keepalives_idle", "30"},
                            {"keepalives_interval", "10"}, {"keepalives_count", "3"},
                            {"tcp_user_timeout", "30000"}};

class PostgresqlConnectionString : public config_test::ConfigTest {
 protected:
  static PostgresqlTarget parse(const std::string& text, bool allow_plaintext = false) {
    return parse_postgresql("rpa_db", Secret{text}, allow_plaintext);
  }
  /// What libpq reads in our own text, the defaults checked and left out.
  static Keywords keywords_of(const std::string& text) {
    auto keywords = read_by_libpq(parse(text, true).to_conninfo().reveal());
    for (const auto& [name, value] : kDefaults) {
      EXPECT_EQ(keywords[name], value) << name;
      keywords.erase(name);
    }
    return keywords;
  }
  static std::string refusal(const std::string& text) {
    const std::string prefix = "The connection string of 'rpa_db' cannot be used: ";
    const auto message = message_of<ConfigurationError>([&] { parse(text); });
    EXPECT_EQ(message.substr(0, prefix.size()), prefix) << text;
    return message.substr(std::min(prefix.size(), message.size()));
  }
};

TEST_F(PostgresqlConnectionString, KnowsTheKeywordsOfLibpq) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{PQconndefaults(),
                                                                             &PQconninfoFree};
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    // Newer than 15; a later libpq lists them too.
    const std::vector<std::string> later = {"require_auth", "sslcertmode", "load_balance_hosts",
                                            "gssdelegation", "sslnegotiation"};
    if (std::find(later.begin(), later.end(), option->keyword) == later.end()) {
      EXPECT_TRUE(is_postgresql_keyword(option->keyword)) << option->keyword;
    }
  }
  EXPECT_FALSE(is_postgresql_keyword(""));
  EXPECT_FALSE(is_postgresql_keyword("HOST"));
}

TEST_F(PostgresqlConnectionString, MeansWhatItMeansToLibpq) {
  const std::vector<std::string> cases = {
      "postgresql://",
      "postgresql:///db",
      "postgres://localhost",
      "postgresql://u:p@localhost:5432/db",
      "postgresql://u@localhost/db",
      "postgresql://:p@localhost/db",
      "postgresql://u:p:q@localhost/db",
      "postgresql://u:p#w&x=y@localhost/db",
      "postgresql://localhost:/db",
      "postgresql://localhost,127.0.0.1:2,[::1]:3/db",
      "postgresql://localhost:1,127.0.0.1:2/db?target_session_attrs=read-write",
      "postgresql://[::1]/db",
      "postgresql://%2Ftmp%2Fa%20b/db",
      "postgresql://?host=/tmp",
      "postgresql:///db?host=/tmp&port=5433&user=me",
      "postgresql://localhost/db?dbname=other",
      "postgresql://localhost/a/b",
      "postgresql://localhost/db#x",
      "postgresql://localhost/db?application_name=a+b%26c&",
      "postgresql://localhost/db?options=-c%20geqo%3Doff&passfile=/p&service=s&sslmode=require",
      "postgresql://u%40x:%2F%3F%23%5B%5D%40%3A%25%27%5C%20@localhost/%64b?%68ost=127.1.2.3",
      "postgresql://localhost/db?ssl=true",
      "host=localhost port=5432",
      "host = '127.0.0.1'  port= '5'dbname=x",
      R"(host=/tmp password='it\'s \\ here' user=a\ b)",
      "host='' user='' dbname = ' '",
      "host=localhost,/tmp,::1 port=1,,3",
      "hostaddr=127.0.0.1 host=localhost",
      "host=localhost sslpassword=s sslkey=k sslcert=c",
      "host=localhost password=a\\",
      "  host=localhost  ",
  };
  for (const auto& text : cases) {
    auto expected = read_by_libpq(text);
    expected.erase(expected["password"].empty() ? "password" : "");
    EXPECT_EQ(keywords_of(text), expected) << text;
  }
}

TEST_F(PostgresqlConnectionString, AcceptsWhatLibpqDoesNot) {
  const Keywords expected = {
      {"host", "localhost"}, {"user", "u"}, {"password", "p"}, {"dbname", "db"}};
  EXPECT_EQ(keywords_of("postgresql+psycopg2://u:p@localhost/db"), expected);
  EXPECT_EQ(keywords_of("POSTGRES+x://u:p@localhost/db"), expected);
  EXPECT_EQ(keywords_of(" postgresql://u:p@localhost/db "), expected);
  // The last @ ends the password.
  EXPECT_EQ(keywords_of("postgresql://u:p@:,[w@localhost/db").at("password"), "p@:,[w");
  EXPECT_EQ(keywords_of("postgresql:///db?options=-c a=b").at("options"), "-c a=b");
  EXPECT_EQ(keywords_of("postgresql://u@localhost/db?user=a@b").at("user"), "a@b");
}

TEST_F(PostgresqlConnectionString, CarriesEveryPassword) {
  std::string every_byte;
  for (int byte = 1; byte < 256; ++byte) {
    every_byte += static_cast<char>(byte);
  }
  for (const auto& password :
       {every_byte, "'"s, "\\"s, "\\'"s, " "s, "a b' host=evil"s, "%41"s, "\xF0\x9F\x98\x80"s}) {
    std::string encoded;
    for (const char c : password) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte / 16];
      encoded += kDigits[byte % 16];
    }
    const auto target = parse("postgresql://u:" + encoded + "@localhost/db");
    EXPECT_EQ(target.password.reveal(), password);
    EXPECT_EQ(read_by_libpq(target.to_conninfo().reveal()).at("password"), password);
    EXPECT_FALSE(target.has("password"));
  }
}

TEST_F(PostgresqlConnectionString, TellsTheHosts) {
  using Hosts = std::vector<std::string>;
  EXPECT_EQ(parse("postgresql://a:1,[::1]:2,:3/db").hosts, (Hosts{"a", "::1", ""}));
  EXPECT_EQ(parse("postgresql:///db").hosts, (Hosts{""}));
  EXPECT_EQ(parse("host=/tmp,b").hosts, (Hosts{"/tmp", "b"}));
  EXPECT_EQ(parse("hostaddr=10.0.0.1,10.0.0.2").hosts, (Hosts{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(parse("postgresql://a:1,[::1]:2,:3/db").value("port"), "1,2,3");
}

TEST_F(PostgresqlConnectionString, KeepsWhatIsGivenInsteadOfItsDefaults) {
  const auto target = parse("host=localhost keepalives=0 client_encoding=LATIN1 gssencmode=prefer");
  EXPECT_EQ(target.value("keepalives"), "0");
  EXPECT_EQ(target.value("client_encoding"), "LATIN1");
  EXPECT_EQ(target.value("gssencmode"), "prefer");
  EXPECT_FALSE(target.has("connect_timeout") || target.has("application_name"));
}

TEST_F(PostgresqlConnectionString, SaysWhatIsWrong) {
  const std::string accepted =
      "expected postgresql://, postgres://, postgresql+driver:// or libpq keyword text (host=... "
      "dbname=...)";
  const std::string percent =
      "a '%' must be followed by two hexadecimal digits; a '%' itself is written %25";
  const std::string control =
      "it holds a control character (a line end, a tab, NUL); a URL can carry one as %0A, %09";
  const std::string at =
      "an '@' follows the first '/' or '?'; in a user name or password write '/' as %2F and '?' "
      "as %3F, anywhere else '@' as %40";
  const std::string port =
      "a port is not a number from 1 to 65535; in a URL's user name or password write ':' as "
      "%3A, '/' as %2F, '?' as %3F, '@' as %40";
  const std::string unknown =
      " is not known to libpq; a value with spaces is quoted, and in a URL '&' is written %26";
  const auto misspelt = [](const std::string& similar) {
    return " is not known to libpq; did you mean '" + similar + "'?";
  };
  const std::string no_equals =
      " is not followed by '='; a value with spaces is written between single quotes";
  const std::string bracket = "an IPv6 address needs its closing ']', as in [::1]:5432";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", accepted},
      {"  ", accepted},
      {"localhost", accepted},
      {"mysql://u:p@h/db", accepted},
      {"mssql://u:p@h/db", accepted},
      {"jdbc:postgresql://h/db?user=x", accepted},
      {"DRIVER={x};SERVER=h", accepted},
      {"postgresql://u:%zz@h/db", percent},
      {"postgresql://u:p%4@h/db", percent},
      {"postgresql://h/db%", percent},
      {"postgresql://u:p%00@h/db", "it holds a NUL character (%00)"},
      {"postgresql://u:p\0@h/db"s, control},
      {"host=h\nport=5", control},
      {"postgresql://u:p/w@h/db", at},
      {"postgresql://u:p?w@h/db", at},
      {"postgresql://u:p@x/w@h/db", at},
      {"postgresql://u:p", port},
      {"postgresql://h:0/db", port},
      {"postgresql://h:65536/db", port},
      {"postgresql://h:-1/db", port},
      {"host=h port=5432x", port},
      {"host=h port=99999999999999999999", port},
      {"host=a,b,c port=1,2", "there must be one port, or one for each host"},
      {"host=a,b hostaddr=10.0.0.1", "hostaddr must give one address for each host"},
      {"postgresql://[::1/db", bracket},
      {"postgresql://[]/db", bracket},
      {"postgresql://[::1]x/db", "only ':port', ',' or '/' may follow the ']' of an IPv6 address"},
      {"postgresql://::1:5432/db",
       "a host has more than one ':'; an IPv6 address is written in brackets, as in [::1]:5432"},
      {"postgresql://h/db?sslmode",
       "parameter 1 behind the '?' has no '='; a '&' in a value is written %26"},
      {"postgresql://h/db?user=u&sslmod=require", "keyword 2" + misspelt("sslmode")},
      {"postgresql://h/db?connection_timeout=5", "keyword 1" + unknown},
      {"postgresql://h/db?ssl=false", "keyword 1" + unknown},
      {"postgresql://h/db?password=a&secret=b", "keyword 2" + unknown},
      {"postgresql://h/db?user=a&user=b", "'user' is given twice"},
      {"host=h HOST=x", "keyword 2" + misspelt("host")},
      {"host=h pasword=x", "keyword 2" + misspelt("password")},
      {"host=h password=correct horse=x", "keyword 3" + unknown},
      {"host=a host=b", "'host' is given twice"},
      {"host=h password=correct horse", "keyword 3" + no_equals},
      {"host=h password='it's'", "keyword 3" + no_equals},
      {"host=h =x", "keyword 2" + no_equals},
      {"host=h password='x",
       "keyword 2 has a value whose single quote is not closed; within it write ' as \\'"},
      {"host=h sslmode=REQUIRE",
       "sslmode must be one of disable, allow, prefer, require, verify-ca and verify-full"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(refusal(text), expected) << text;
  }
}

}  // namespace
}  // namespace flowdb::config
