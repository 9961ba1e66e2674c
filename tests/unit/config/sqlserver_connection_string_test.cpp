#include "config/sqlserver_connection_string.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "config/odbc_keyword_text.hpp"
#include "unit/config/config_test_support.hpp"

namespace flowdb::config {
namespace {

using config_test::message_of;
using namespace std::string_literals;

SqlserverTarget parse(const std::string& text, bool allow_plaintext = false) {
  return parse_sqlserver("survey", Secret{text}, allow_plaintext);
}

std::string refusal(const std::string& text) {
  const std::string prefix = "The connection string of 'survey' cannot be used: ";
  const auto message = message_of<ConfigurationError>([&] { parse(text); });
  EXPECT_EQ(message.substr(0, prefix.size()), prefix) << text;
  return message.substr(std::min(prefix.size(), message.size()));
}

/// What the target says, one word after the other; what is not said is left out.
std::string summary(const SqlserverTarget& target) {
  std::string text;
  const auto add = [&text](const std::string& name, const std::string& value) {
    text += value.empty() ? "" : (text.empty() ? "" : " ") + name + "=" + value;
  };
  add("driver", target.driver);
  add("dsn", target.data_source);
  add("entry", target.freetds_entry);
  add("host", target.host);
  add("port", target.port == 0 ? "" : std::to_string(target.port));
  add("instance", target.instance);
  add("database", target.database);
  add("user", target.user);
  add("password", target.password.reveal());
  add("trusted", target.trusted_connection ? "yes" : "");
  add("authentication", target.authentication);
  add("intent", target.application_intent);
  add("app", target.application_name);
  add("timeout", target.login_timeout ? std::to_string(target.login_timeout->count()) : "");
  for (const auto& other : target.others) {
    add(other.name, other.value.reveal() + "@" + std::to_string(other.place));
  }
  return text;
}

struct Case {
  std::string text;
  std::string expected;
};

TEST(SqlserverConnectionString, ReadsEveryFormOfUrl) {
  const std::vector<Case> cases = {
      {"mssql+pyodbc://user:pass@server:1433/db?driver=ODBC+Driver+17+for+SQL+Server",
       "driver=ODBC Driver 17 for SQL Server host=server port=1433 database=db user=user "
       "password=pass"},
      {"mssql+pyodbc://u:p@h/db?driver=%7BODBC%20Driver%2018%20for%20SQL%20Server%7D",
       "driver=ODBC Driver 18 for SQL Server host=h database=db user=u password=p"},
      {"mssql://u:p@h", "host=h user=u password=p"},
      {"MSSQL+PyMSSQL://u:p@h/db", "host=h database=db user=u password=p"},
      {"sqlserver://u:p@h:1433/db?DRIVER=FreeTDS&app=flow+one",
       "driver=FreeTDS host=h port=1433 database=db user=u password=p app=flow one"},
      {" sqlserver://h/db?user=u&password=p+q%2Br ", "host=h database=db user=u password=p q+r"},
      {"mssql://DOMAIN%5Cu:p+q%40@h%5Cinst/d%2Fb",
       "host=h instance=inst database=d/b user=DOMAIN\\u password=p+q@"},
      {"mssql://u:p@h\\inst:1435/db",
       "host=h port=1435 instance=inst database=db user=u password=p"},
      {"mssql://u:p:w@[2001:db8::1]:1433/db",
       "host=2001:db8::1 port=1433 database=db user=u password=p:w"},
      {"mssql://u:p@x@h/db?Timeout=5&applicationintent=READONLY",
       "host=h database=db user=u password=p@x intent=ReadOnly timeout=5"},
      {"mssql://h/db?Trusted_Connection=yes", "host=h database=db trusted=yes"},
      {"mssql://u@h/db?Authentication=ActiveDirectoryMsi",
       "host=h database=db user=u authentication=ActiveDirectoryMsi"},
      {"mssql://u:p@h/db?WSID=w&Language=us_english",
       "host=h database=db user=u password=p WSID=w@1 Language=us_english@2"},
      // as SQLAlchemy reads it
      {"mssql+pyodbc://h/db?driver=FreeTDS", "driver=FreeTDS host=h database=db trusted=yes"},
      {"mssql+pyodbc://u:p@survey", "dsn=survey user=u password=p"},
      {"mssql+pyodbc://survey?Language=x", "dsn=survey Language=x@1"},
      {"mssql+pyodbc://u:p@h:1433", "host=h port=1433 user=u password=p"},
      {"mssql+pyodbc://u:p@h?database=db", "host=h database=db user=u password=p"},
      {"mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BFreeTDS%7D%3BSERVER%3Dh%2C1%3BUID%3Du%3BPWD%3D"
       "%7Ba%2B%7D%7D%3Bb%7D+%3B",
       "driver=FreeTDS host=h port=1 user=u password=a+};b"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(summary(parse(text)), expected) << text;
  }
}

TEST(SqlserverConnectionString, ReadsKeywordText) {
  const std::vector<Case> cases = {
      {"DRIVER={ODBC Driver 18 for SQL Server};SERVER=tcp:h,1433;DATABASE=db;UID=u;PWD=p",
       "driver=ODBC Driver 18 for SQL Server host=h port=1433 database=db user=u password=p"},
      {"; driver = FreeTDS ;\x20 server= h ; ; Port = 1433 ;uid=u;pwd={ p };",
       "driver=FreeTDS host=h port=1433 user=u password= p "},
      {"Address=h;User=u;Password=p", "host=h user=u password=p"},
      {"user=u;password=p;server=h", "host=h user=u password=p"},
      {"Data Source=h;Initial Catalog=db;User Id=u;Password=p;Application Name=x",
       "host=h database=db user=u password=p app=x"},
      {"Addr=h;UserName=u;PWD={a;b}}c};Connection Timeout=7",
       "host=h user=u password=a;b}c timeout=7"},
      {"Network Address=h;Integrated Security=SSPI", "host=h trusted=yes"},
      {"server=h;uid=u;pwd=a{b}c=d'\"", "host=h user=u password=a{b}c=d'\""},
      {"server=.;uid=u;pwd=p", "host=localhost user=u password=p"},
      {"server=(local)\\SQLEXPRESS;uid=u;pwd=p",
       "host=localhost instance=SQLEXPRESS user=u password=p"},
      {"server=\\inst;uid=u;pwd=p", "host=localhost instance=inst user=u password=p"},
      {"server=h\\inst_1$ , 1435;uid=u;pwd=p",
       "host=h port=1435 instance=inst_1$ user=u password=p"},
      {"server=tcp:2001:db8::1,1433;uid=u;pwd=p", "host=2001:db8::1 port=1433 user=u password=p"},
      {"server=fe80::1%eth0;uid=u;pwd=p", "host=fe80::1%eth0 user=u password=p"},
      {"server=[::1],1433;uid=u;pwd=p", "host=::1 port=1433 user=u password=p"},
      {"SERVERNAME=survey;UID=u;PWD=p", "entry=survey user=u password=p"},
      {"DSN=survey", "dsn=survey"},
      {"DSN=survey;UID=;PWD=;UID=u", "dsn=survey user=u"},
      {"server=h;uid=u;pwd=p;TDS_Version=7.3;ColumnEncryption=Enabled",
       "host=h user=u password=p TDS_Version=7.3@4 ColumnEncryption=Enabled@5"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(summary(parse(text)), expected) << text;
  }
}

TEST(SqlserverConnectionString, CarriesEveryPassword) {
  std::string every_byte;
  for (int byte = 1; byte < 256; ++byte) {
    every_byte += static_cast<char>(byte);
  }
  for (const auto& password : {every_byte, "}"s, "{"s, "};"s, "{}"s, "}}"s, "};PWD=x"s, " "s,
                               "%41"s, "+"s, "\xF0\x9F\x98\x80"s}) {
    std::string encoded;
    for (const char c : password) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte / 16];
      encoded += kDigits[byte % 16];
    }
    EXPECT_EQ(parse("mssql://u:" + encoded + "@h/db").password.reveal(), password);
    EXPECT_EQ(parse("mssql://u@h/db?PWD=" + encoded).password.reveal(), password);
    const auto pairs =
        parse_odbc_keyword_text("survey", "a=b;PWD=" + odbc_value(password) + ";c=d");
    ASSERT_EQ(pairs.size(), 3U) << password;
    EXPECT_EQ(pairs[1].value, password);
  }
}

TEST(SqlserverConnectionString, EncryptsForEveryHostThatIsNotLocal) {
  using Encryption = SqlserverTarget::Encryption;
  struct TlsCase {
    std::string text;
    Encryption encryption;
    bool plaintext;
  };
  const std::vector<TlsCase> cases = {
      {"server=h", Encryption::mandatory, false},
      {"server=h;Encrypt=", Encryption::mandatory, false},
      {"server=h;Encrypt=yes", Encryption::mandatory, false},
      {"server=h;Encrypt=True", Encryption::mandatory, false},
      {"server=h;Encrypt=Mandatory", Encryption::mandatory, false},
      {"server=h;Encryption=require", Encryption::mandatory, false},
      {"server=h;Encrypt=strict", Encryption::strict, false},
      {"server=localhost.example", Encryption::mandatory, false},
      {"SERVERNAME=localhost", Encryption::mandatory, false},
      {"DSN=localhost", Encryption::mandatory, false},
      {"server=h;Encrypt=no", Encryption::optional, true},
      {"server=h;Encrypt=optional", Encryption::optional, true},
      {"server=h;Encryption=request", Encryption::optional, true},
      {"server=h;Encryption=off", Encryption::off, true},
      {"DSN=x;Encrypt=false", Encryption::optional, true},
      {"server=localhost", Encryption::optional, false},
      {"server=tcp:127.0.0.2,1433", Encryption::optional, false},
      {"server=::1", Encryption::optional, false},
      {"server=.\\inst", Encryption::optional, false},
      {"server=localhost;Encrypt=yes", Encryption::mandatory, false},
      {"server=localhost;Encrypt=no", Encryption::optional, false},
      {"server=localhost;Encryption=off", Encryption::off, false},
  };
  for (const auto& [text, encryption, plaintext] : cases) {
    const auto target = parse(text + ";uid=u;pwd=p", true);
    EXPECT_EQ(target.encryption, encryption) << text;
    EXPECT_EQ(target.plaintext, plaintext) << text;
    if (plaintext) {
      EXPECT_EQ(refusal(text + ";uid=u;pwd=p"),
                "without encryption it sends data in plain text to a host that is not local; leave "
                "Encrypt=yes, or set SURVEY_ALLOW_PLAINTEXT=true to allow that")
          << text;
    } else {
      EXPECT_NO_THROW(parse(text + ";uid=u;pwd=p")) << text;
    }
  }
  const auto target = parse(
      "server=h;uid=u;pwd=p;TrustServerCertificate=yes;HostNameInCertificate=x;ServerCertificate=/"
      "c;"
      "MultiSubnetFailover=no");
  EXPECT_EQ(target.trust_server_certificate, true);
  EXPECT_EQ(target.certificate_host + target.server_certificate, "x/c");
  EXPECT_EQ(target.multi_subnet_failover, false);
}

TEST(SqlserverConnectionString, SaysWhatIsWrong) {
  const std::string accepted =
      "expected mssql+pyodbc://, mssql://, sqlserver:// or ODBC keyword text "
      "(DRIVER={...};SERVER=...)";
  const std::string port =
      "a port is not a number from 1 to 65535; in a URL's user name or password write ':' as "
      "%3A, '/' as %2F, '?' as %3F, '@' as %40";
  const std::string remedy =
      "; give user and password, or Trusted_Connection=yes (in a user name or password of a URL "
      "write ':' as %3A, '/' as %2F, '?' as %3F, '@' as %40)";
  const std::string no_name =
      " is not a name followed by '='; a value with a ';' is written between braces";
  const std::string no_host =
      "the server is not a host name or an address, as in host,1433 or host\\instance";
  const std::string comma = "a port is written behind a comma, as in SERVER=host,1433";
  const std::string one =
      "only one of SERVER, SERVERNAME and DSN can be given, and PORT only beside "
      "SERVER";
  const std::string alone =
      "'odbc_connect' is the whole connection string; nothing else may stand beside it";
  const std::vector<Case> cases = {
      {"", accepted},
      {"server", accepted},
      {"postgresql://u:p@h/db", accepted},
      {"host=h dbname=x", accepted},
      {"jdbc:sqlserver://h;databaseName=x", accepted},
      {"server=h\nuid=u",
       "it holds a control character (a line end, a tab, NUL); a URL can carry "
       "one as %0A, %09"},
      {"mssql://u:p@h,h2/db",
       "SQL Server takes one host; of an availability group, name the "
       "listener and give MultiSubnetFailover=yes"},
      {"mssql://u:p@h:1433;databaseName=x",
       "a URL's parameters are written behind a '?' and between '&', not behind a ';'"},
      {"mssql://u:p@h:x/db", port},
      {"mssql://u:p", port},
      {"server=h,0;uid=u;pwd=p", port},
      {"server=h,1,2;uid=u;pwd=p", port},
      {"server=h;port=65536;uid=u;pwd=p", port},
      {"mssql://u:p/w@h/db",
       "an '@' follows the first '/' or '?'; in a user name or password write "
       "'/' as %2F and '?' as %3F, anywhere else '@' as %40"},
      {"mssql:///db", "it names no server"},
      {"uid=u;pwd=p", "it names no server"},
      {"server=h;dsn=x;uid=u;pwd=p", one},
      {"server=h;servername=x;uid=u;pwd=p", one},
      {"dsn=x;port=1433", one},
      {"dsn=x;driver=FreeTDS", "only one of DSN and DRIVER can be given"},
      {"mssql://h/db", "it has no user" + remedy},
      {"mssql://:p@h/db", "it has no user" + remedy},
      {"mssql+pyodbc://:p@h/db", "it has no user" + remedy},
      {"mssql://u@h/db", "it has a user, but no password" + remedy},
      {"server=h;uid=u;pwd=;", "it has a user, but no password" + remedy},
      {"server=h;uid=u;authentication=SqlPassword", "it has a user, but no password" + remedy},
      {"servername=x;uid=u", "it has a user, but no password" + remedy},
      {"server=h;uid=u;pwd=p;port=1;server=i", "'SERVER' is given twice"},
      {"server=h,1;uid=u;pwd=p;port=2", "'PORT' is given twice"},
      {"port=2;server=h,1;uid=u;pwd=p", "'PORT' is given twice"},
      {"server=h;uid=u;pwd=p;password=q", "'PWD' is given twice"},
      {"mssql://u:p@h/db?database=x", "'DATABASE' is given twice"},
      {"mssql://u:p@h/db?x=1&X=2", "keyword 2 is given twice"},
      {"server=h;uid=u;pwd=p;encrypt=no;encryption=require",
       "'Encrypt' and 'Encryption' are both given"},
      {"server=h;uid=u;pwd=p;encrypt=maybe",
       "'Encrypt' must be one of yes, no, mandatory, optional and strict"},
      {"server=h;uid=u;pwd=p;encryption=x", "'Encryption' must be one of off, request and require"},
      {"server=h;uid=u;pwd=p;TrustServerCertificate=x",
       "'TrustServerCertificate' must be yes or no"},
      {"server=h;ApplicationIntent=x", "'ApplicationIntent' must be ReadOnly or ReadWrite"},
      {"server=h;timeout=1m", "'Timeout' is not a number of seconds"},
      {"server=h;autocommit=true",
       "'autocommit' is a parameter of pyodbc, not of the server; take it out"},
      {"server=h;RetryExec={x}",
       "'RetryExec' lets the driver run a statement twice without flowdb's knowledge; take it out"},
      {"filedsn=/x", "'filedsn' names a file; write its keywords here instead"},
      {"server=np:\\\\h\\pipe;uid=u", "a server is spoken to over TCP only: tcp:host,port"},
      {"server=h:1433;uid=u;pwd=p", comma},
      {"server=[::1]:1433;uid=u;pwd=p", comma},
      {"server=h h;uid=u;pwd=p", no_host},
      {"server=,1433;uid=u;pwd=p", no_host},
      {"server=(localdb);uid=u;pwd=p", no_host},
      {"server=h\\a b;uid=u;pwd=p",
       "the instance behind the '\\' is not one name, as in host\\instance"},
      {"server=h;uid", "keyword 2" + no_name},
      {"server=h;=x", "keyword 2" + no_name},
      {"server=h;pwd=a;b c!=d", "keyword 3" + no_name},
      {"server=h;pwd={a",
       "keyword 2 has a value whose brace is not closed; within braces write } as "
       "}}"},
      {"server=h;pwd={a}b}",
       "keyword 2 has text behind its closing brace; within braces write } as }}"},
      {"mssql://u:p@h/?odbc_connect=server%3Dh", alone},
      {"mssql:///?odbc_connect=server%3Dh&x=y", alone},
      {"server=h;odbc_connect=x", "'odbc_connect' is a parameter of a URL, and stands alone"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(refusal(text), expected) << text;
  }
}

}  // namespace
}  // namespace flowdb::config
