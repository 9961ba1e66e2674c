#include "backend/sqlserver/odbc_connection_string.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend/sqlserver/utf16.hpp"
#include "config/odbc_keyword_text.hpp"
#include "unit/config/config_test_support.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using config_test::message_of;
using testing::HasSubstr;
using namespace std::string_literals;

const OdbcDriver kFreetds = describe_driver("FreeTDS", "libtdsodbc.so");
const OdbcDriver kDriver17 = describe_driver("ODBC Driver 17 for SQL Server", "");
const OdbcDriver kDriver18 = describe_driver("ODBC Driver 18 for SQL Server", "");
const OdbcDriver kOther = describe_driver("Devart", "/opt/libdevart.so");

std::string translate(const std::string& text, const OdbcDriver& driver,
                      const OdbcLogin& login = {}) {
  const auto target = config::parse_sqlserver("survey", Secret{text}, true);
  return to_odbc_text("survey", target, driver, login).reveal();
}

/// The translation without driver and login timeout, which are always the same, and credentials.
std::string session(const std::string& text, const OdbcDriver& driver) {
  const auto whole = translate(text + ";uid=u;pwd=p", driver);
  const auto prefix = "DRIVER={" + driver.name + "};DMConnAttr={SQL_ATTR_LOGIN_TIMEOUT=15};";
  const std::string suffix = "UID=u;PWD=p;";
  EXPECT_TRUE(whole.starts_with(prefix) && whole.ends_with(suffix)) << whole;
  return whole.substr(prefix.size(), whole.size() - prefix.size() - suffix.size());
}

std::string refusal(const std::string& text, const OdbcDriver& driver) {
  const std::string prefix = "The connection string of 'survey' cannot be used: ";
  const auto message =
      message_of<ConfigurationError>([&] { translate(text + ";uid=u;pwd=p", driver); });
  EXPECT_EQ(message.substr(0, prefix.size()), prefix) << text;
  return message.substr(std::min(prefix.size(), message.size()));
}

struct Case {
  std::string text;
  std::string freetds;
  std::string microsoft;
};

TEST(OdbcConnectionString, SaysTheSameInEachDriversWords) {
  const std::string fixed = "TDS_Version=7.4;ClientCharset=UTF-8;";
  const std::vector<Case> cases = {
      {"server=h", "SERVER=h;PORT=1433;" + fixed + "Encryption=require;", "SERVER=h;Encrypt=yes;"},
      {"server=tcp:h,1500;database=a b",
       "SERVER=h;PORT=1500;" + fixed + "Encryption=require;DATABASE=a b;",
       "SERVER=h,1500;Encrypt=yes;DATABASE={a b};"},
      {"server=h\\inst;Encrypt=no", "SERVER=h\\inst;" + fixed + "Encryption=request;",
       "SERVER=h\\inst;Encrypt=no;"},
      {"server=h\\inst,5;Encryption=off", "SERVER=h\\inst;PORT=5;" + fixed + "Encryption=off;",
       "SERVER=h\\inst,5;Encrypt=no;"},
      {"server=2001:db8::1,5", "SERVER=2001:db8::1;PORT=5;" + fixed + "Encryption=require;",
       "SERVER=2001:db8::1,5;Encrypt=yes;"},
      {"server=localhost", "SERVER=localhost;PORT=1433;" + fixed + "Encryption=request;",
       "SERVER=localhost;Encrypt=no;"},
      {"server=h;TrustServerCertificate=yes", "SERVER=h;PORT=1433;" + fixed + "Encryption=require;",
       "SERVER=h;Encrypt=yes;TrustServerCertificate=yes;"},
      {"server=h;MultiSubnetFailover=yes;ApplicationIntent=readonly",
       "SERVER=h;PORT=1433;" + fixed + "Encryption=require;ApplicationIntent=ReadOnly;",
       "SERVER=h;Encrypt=yes;MultiSubnetFailover=yes;ApplicationIntent=ReadOnly;"},
      {"server=h;WSID={a;b};app=x",
       "SERVER=h;PORT=1433;" + fixed + "Encryption=require;APP=x;WSID={a;b};",
       "SERVER=h;Encrypt=yes;APP=x;WSID={a;b};"},
  };
  for (const auto& [text, freetds, microsoft] : cases) {
    EXPECT_EQ(session(text, kFreetds), freetds) << text;
    EXPECT_EQ(session(text, kDriver17), microsoft) << text;
    EXPECT_EQ(session(text, kDriver18), microsoft) << text;
  }
  EXPECT_EQ(session("servername=survey;TDS_Version=7.3;clientcharset=utf-8", kFreetds),
            "SERVERNAME=survey;Encryption=require;TDS_Version=7.3;clientcharset=utf-8;");
  EXPECT_EQ(session("server=h;Encrypt=strict;HostNameInCertificate=x;ServerCertificate=/a/c.pem;"
                    "TrustServerCertificate=no",
                    kDriver18),
            "SERVER=h;Encrypt=strict;TrustServerCertificate=no;HostNameInCertificate=x;"
            "ServerCertificate=/a/c.pem;");
  EXPECT_EQ(session("server=h;AnyThing={x;y}", kOther), "SERVER=h;Encrypt=yes;AnyThing={x;y};");
}

TEST(OdbcConnectionString, NamesADataSourceInsteadOfADriver) {
  EXPECT_EQ(translate("DSN=the survey", kFreetds),
            "DSN={the survey};DMConnAttr={SQL_ATTR_LOGIN_TIMEOUT=15};TDS_Version=7.4;"
            "ClientCharset=UTF-8;Encryption=require;");
  EXPECT_EQ(translate("DSN=survey;UID=u;PWD=p", kDriver18),
            "DSN=survey;DMConnAttr={SQL_ATTR_LOGIN_TIMEOUT=15};Encrypt=yes;UID=u;PWD=p;");
}

TEST(OdbcConnectionString, LogsInAsItIsTold) {
  const auto ending = [](const std::string& text, const OdbcDriver& driver) {
    const auto whole = translate("server=h;" + text, driver);
    return whole.substr(whole.find("Encrypt"));
  };
  EXPECT_EQ(ending("Trusted_Connection=yes;UID=u;PWD=p", kFreetds),
            "Encryption=require;Trusted_Connection=yes;");
  EXPECT_EQ(ending("Trusted_Connection=yes;UID=u;PWD=p", kDriver18),
            "Encrypt=yes;Trusted_Connection=yes;");
  EXPECT_EQ(ending("Authentication=ActiveDirectoryMsi", kDriver18),
            "Encrypt=yes;Authentication=ActiveDirectoryMsi;");
  EXPECT_EQ(ending("Authentication=SqlPassword;UID=u;PWD=p", kDriver18),
            "Encrypt=yes;Authentication=SqlPassword;UID=u;PWD=p;");
  EXPECT_EQ(ending("Authentication=SqlPassword;UID=u;PWD=p", kFreetds),
            "Encryption=require;UID=u;PWD=p;");
}

TEST(OdbcConnectionString, TakesTheShorterTimeoutAndTheNameThatIsGiven) {
  const OdbcLogin login{.timeout = std::chrono::seconds{4}, .application_name = "rpa2"};
  const auto has = [&](const std::string& text, const std::string& part) {
    return translate("server=h;uid=u;pwd=p" + text, kFreetds, login).find(part) !=
           std::string::npos;
  };
  EXPECT_TRUE(has("", "TIMEOUT=4}"));
  EXPECT_TRUE(has(";Timeout=3", "TIMEOUT=3}"));
  EXPECT_TRUE(has(";Timeout=0", "TIMEOUT=4}"));
  EXPECT_TRUE(has(";Timeout=99", "TIMEOUT=4}"));
  EXPECT_TRUE(has("", "APP=rpa2;"));
  EXPECT_TRUE(has(";app=mine", "APP=mine;"));
}

TEST(OdbcConnectionString, CarriesEveryPasswordThatTheDriverCan) {
  const auto password_text = [](const std::string& password, const OdbcDriver& driver) {
    config::SqlserverTarget target{.host = "h", .user = "u", .password = Secret{password}};
    const auto text = to_odbc_text("survey", target, driver, {}).reveal();
    return text.substr(text.find("PWD=") + 4);
  };
  std::u16string every_unit;
  std::string every_byte;
  for (char16_t unit = 1; unit < 256; ++unit) {
    every_unit += unit;
    every_byte += static_cast<char>(unit);
  }
  const auto in_latin1 = password_text(to_utf8(every_unit), kDriver18);
  EXPECT_EQ(config::parse_odbc_keyword_text("survey", "PWD=" + in_latin1).at(0).value, every_byte);
  for (const auto& password : {"};"s, "{"s, "};DRIVER={x};"s, " a "s, "{a}"s}) {
    const auto text = password_text(password, kDriver18);
    EXPECT_EQ(config::parse_odbc_keyword_text("survey", "PWD=" + text).at(0).value, password);
  }
  // FreeTDS: as it is where that will do, else between braces that are not doubled.
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a}b{c}", "a}b{c};"}, {" a ", " a ;"},   {"a;b", "{a;b};"},    {"{a", "{{a};"},
      {"{a}", "{{a}};"},     {"a;}", "{a;}};"}, {"a=b'\"", "a=b'\";"}};
  for (const auto& [password, text] : cases) {
    EXPECT_EQ(password_text(password, kFreetds), text);
  }
  for (const auto& password : {"};"s, "a};b"s, "{};"s}) {
    EXPECT_EQ(
        message_of<ConfigurationError>([&] { password_text(password, kFreetds); }),
        "The connection string of 'survey' cannot be used: FreeTDS cannot carry a password or "
        "another value with '};' in it; change it, or use Microsoft's ODBC driver");
  }
}

TEST(OdbcConnectionString, IsInLatin1_AsTheDriverManagerReadsIt) {
  for (const auto& driver : {kFreetds, kDriver18}) {
    const auto text = translate("server=h;database=Größe;uid=Zoë;pwd=gehört ÿ", driver);
    EXPECT_THAT(text, HasSubstr("Gr\xF6\xDF\x65"));
    EXPECT_THAT(text, HasSubstr("Zo\xEB"));
    EXPECT_THAT(text, HasSubstr("geh\xF6rt \xFF"));
  }
}

TEST(OdbcConnectionString, RefusesWhatTheDriverCannotDo) {
  const std::string remedy =
      " cannot be asked of FreeTDS; FreeTDS verifies a certificate only by 'ca file' of an entry "
      "in "
      "freetds.conf that SERVERNAME=... names: take the keyword out, or use Microsoft's ODBC "
      "driver";
  const std::string strict = "Encrypt=strict takes Microsoft's ODBC driver 18";
  const std::string hint =
      "; a value with a ';' is written between braces, and in a URL '&' is written %26";
  const std::string beyond_latin1 =
      "the ODBC driver manager cannot carry a password or another value with a character beyond "
      "Latin-1 (U+00FF); change it";
  struct Refusal {
    std::string text;
    OdbcDriver driver;
    std::string expected;
  };
  const std::vector<Refusal> cases = {
      {"server=h;app=€", kFreetds, beyond_latin1},
      {"server=h;database=пароль", kDriver18, beyond_latin1},
      {"server=h;Encrypt=strict", kFreetds, strict},
      {"server=h;Encrypt=strict", kDriver17, strict},
      {"server=h;TrustServerCertificate=no", kFreetds, "TrustServerCertificate=no" + remedy},
      {"server=h;HostNameInCertificate=x", kFreetds, "HostNameInCertificate" + remedy},
      {"server=h;ServerCertificate=x", kFreetds, "ServerCertificate" + remedy},
      {"server=h;ServerCertificate=x", kDriver17,
       "HostNameInCertificate and ServerCertificate take Microsoft's ODBC driver 18"},
      {"servername=x", kDriver18,
       "SERVERNAME is FreeTDS' keyword for an entry in freetds.conf; this driver takes SERVER"},
      {"server=h;Authentication=ActiveDirectoryMsi", kFreetds,
       "FreeTDS knows no Authentication but SqlPassword; use Microsoft's ODBC driver"},
      {"server=h;TDS_Version=8.0", kFreetds,
       "TDS_Version must be 7.4 or 7.3: the types of SQL Server 2008 and later take it"},
      {"server=h;ClientCharset=latin1", kFreetds,
       "ClientCharset must be UTF-8, in which flowdb reads and writes"},
      {"server=h;TDS_Version=7.4", kDriver18,
       "'TDS_Version' is not known to Microsoft's ODBC driver; take it out"},
      {"server=h;ColumnEncryption=x", kFreetds,
       "'ColumnEncryption' is not known to FreeTDS; take it out"},
      {"server=h;Encrpyt=no", kFreetds,
       "keyword 2 is not known to FreeTDS; did you mean 'Encrypt'?"},
      {"server=h;TrustServerCertficate=no", kDriver18,
       "keyword 2 is not known to Microsoft's ODBC driver; did you mean 'TrustServerCertificate'?"},
      {"server=h;horse=staple", kDriver18,
       "keyword 2 is not known to Microsoft's ODBC driver" + hint},
  };
  for (const auto& [text, driver, expected] : cases) {
    EXPECT_EQ(refusal(text, driver), expected) << text;
  }
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
