#include "config/postgresql_tls.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/local_host.hpp"
#include "unit/config/config_test_support.hpp"

namespace flowdb::config {
namespace {

using config_test::message_of;

class PostgresqlTls : public config_test::ConfigTest {
 protected:
  static PostgresqlTarget parse(const std::string& text, bool allow_plaintext = false) {
    return parse_postgresql("rpa_db", Secret{text}, allow_plaintext);
  }
};

TEST_F(PostgresqlTls, KnowsWhichHostsAreLocal) {
  for (const char* host : {"", "/tmp", "@abstract", "localhost", "LocalHost", "127.0.0.1",
                           "127.255.1.2", "::1", "0:0:0:0:0:0:0:1"}) {
    EXPECT_TRUE(is_local_host(host)) << host;
  }
  for (const char* host : {"db", "localhost.evil.example", "127.evil.example", "127.0.0.1.example",
                           "128.0.0.1", "10.0.0.1", "::2", "::", "0.0.0.0", " ", "tmp/x"}) {
    EXPECT_FALSE(is_local_host(host)) << host;
  }
}

struct Case {
  std::string text;
  bool allow_plaintext;
  std::string sslmode;  ///< empty: left to libpq
  bool plaintext;
};

TEST_F(PostgresqlTls, IsOnForEveryHostThatIsNotLocal) {
  const std::vector<Case> cases = {
      {"host=db", false, "require", false},
      {"host=db sslmode=prefer", false, "require", false},
      {"host=db sslmode=allow", false, "require", false},
      {"host=db sslmode=require", false, "require", false},
      {"host=db sslmode=verify-ca", false, "verify-ca", false},
      {"host=db sslmode=verify-full", true, "verify-full", false},
      {"host=/tmp,db", false, "require", false},
      {"host=localhost hostaddr=10.0.0.1", false, "require", false},
      {"host=db hostaddr=127.0.0.1", false, "", false},
      {"hostaddr=127.0.0.1,10.0.0.1", false, "require", false},
      {"postgresql://db/x?ssl=true", false, "require", false},
      {"postgresql://db/x?sslmode=verify-full&ssl=true", false, "verify-full", false},
      // allowed
      {"host=db", true, "prefer", true},
      {"host=db sslmode=disable", true, "disable", true},
      {"host=db sslmode=allow", true, "allow", true},
      {"host=db sslmode=prefer", true, "prefer", true},
      {"host=db sslmode=require", true, "require", false},
      {"host=localhost,db sslmode=disable", true, "disable", true},
      // local
      {"user=u", false, "", false},
      {"host=localhost", false, "", false},
      {"host=/tmp,127.0.0.2,::1", false, "", false},
      {"host=localhost sslmode=disable", false, "disable", false},
      {"host=localhost sslmode=disable sslrootcert=ca.pem", false, "disable", false},
      // a root certificate
      {"host=db sslrootcert=ca.pem", false, "verify-full", false},
      {"host=db sslrootcert=ca.pem", true, "verify-full", false},
      {"host=db sslrootcert=ca.pem sslmode=prefer", false, "verify-full", false},
      {"host=db sslrootcert=ca.pem sslmode=require", false, "verify-full", false},
      {"host=db sslrootcert=ca.pem sslmode=verify-ca", false, "verify-ca", false},
      {"host=db sslrootcert=ca.pem sslmode=disable", true, "disable", true},
      {"host=localhost sslrootcert=ca.pem", false, "verify-full", false},
      // a service may name any host
      {"service=x sslmode=require", false, "require", false},
      {"service=x host=localhost sslmode=prefer", false, "require", false},
      {"service=x", true, "", true},
  };
  for (const auto& [text, allow_plaintext, sslmode, plaintext] : cases) {
    const auto target = parse(text, allow_plaintext);
    EXPECT_EQ(target.value("sslmode"), sslmode) << text << " " << allow_plaintext;
    EXPECT_EQ(target.has("sslmode"), !sslmode.empty()) << text;
    EXPECT_EQ(target.plaintext, plaintext) << text << " " << allow_plaintext;
  }
}

TEST_F(PostgresqlTls, CountsWhatLibpqTakesFromTheEnvironment) {
  set_variable("PGHOST", "db");
  EXPECT_EQ(parse("user=u").value("sslmode"), "require");
  EXPECT_FALSE(parse("host=localhost").has("sslmode"));
  set_variable("PGHOST", std::nullopt);
  set_variable("PGHOSTADDR", "10.0.0.1");
  EXPECT_EQ(parse("host=localhost").value("sslmode"), "require");
  set_variable("PGHOSTADDR", std::nullopt);
  set_variable("PGSSLMODE", "verify-full");
  EXPECT_FALSE(parse("host=db").has("sslmode"));
  EXPECT_FALSE(parse("host=db", true).plaintext);
  set_variable("PGSSLMODE", "disable");
  EXPECT_THROW(parse("host=db"), ConfigurationError);
  EXPECT_TRUE(parse("host=db", true).plaintext);
  set_variable("PGSSLMODE", "nonsense");
  EXPECT_EQ(parse("host=db").value("sslmode"), "require");
  set_variable("PGSSLMODE", std::nullopt);
  set_variable("PGSSLROOTCERT", "ca.pem");
  EXPECT_EQ(parse("host=db").value("sslmode"), "verify-full");
  set_variable("PGSERVICE", "x");
  EXPECT_THROW(parse("host=localhost"), ConfigurationError);
}

TEST_F(PostgresqlTls, IsSwitchedOffOnlyByASetting) {
  EXPECT_EQ(message_of<ConfigurationError>([] { parse("postgresql://u:p@db/x?sslmode=disable"); }),
            "The connection string of 'rpa_db' cannot be used: sslmode=disable sends passwords and "
            "data in plain text to a host that is not local; set RPA_DB_ALLOW_PLAINTEXT=true to "
            "allow that");
  EXPECT_EQ(message_of<ConfigurationError>([] { parse("service=x"); }),
            "The connection string of 'rpa_db' cannot be used: it uses a service, whose file is "
            "not read here; give sslmode=require or verify-full beside it, or set "
            "RPA_DB_ALLOW_PLAINTEXT=true");
}

}  // namespace
}  // namespace flowdb::config
