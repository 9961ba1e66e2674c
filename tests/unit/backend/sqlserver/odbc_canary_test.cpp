#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backend/sqlserver/odbc_connection_string.hpp"
#include "backend/sqlserver/odbc_drivers.hpp"
#include "unit/config/canary_support.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using config_test::kCanary;
using config_test::kFirstHalf;
using config_test::kSecondHalf;
using config_test::throws_without_canary;

TEST(OdbcCanary, IsInNoErrorAboutAConnectionString) {
  const std::vector<std::string> originals = {
      "mssql+pyodbc://flow:" + kCanary + "@db.example:1433/survey?driver=FreeTDS&Encrypt=no",
      "mssql://flow:" + kFirstHalf + "%2F" + kSecondHalf + "@db\\inst/survey?TDS_Version=7.4",
      "sqlserver://db.example:70000/survey?uid=flow&pwd=" + kCanary + "&driver=FreeTDS",
      "mssql:///?odbc_connect=SERVER%3Ddb%3BUID%3Dflow%3BPWD%3D" + kCanary + "%3BEncrypt%3Dyes",
      "DRIVER=FreeTDS;SERVER=db.example;PORT=1433;UID=flow;PWD=" + kCanary + ";TDS_Version=7.4",
      "DRIVER={ODBC Driver 18 for SQL Server};SERVER=tcp:db,1433;UID=flow;PWD={" + kFirstHalf +
          "}}" + kSecondHalf + "};ApplicationIntent=ReadOnly",
      "UID=flow;PWD=" + kCanary + ";Server=db;Encrypt=strict;KeystoreSecret=" + kCanary,
      "UID=flow;PWD={" + kFirstHalf + ";" + kSecondHalf + "};SERVERNAME=survey;WSID=x",
      "PWD=" + kFirstHalf + ";" + kSecondHalf + "=x;SERVER=db;UID=flow",
  };
  const std::vector<OdbcDriver> installed = {
      describe_driver("FreeTDS", "libtdsodbc.so"),
      describe_driver("ODBC Driver 18 for SQL Server", ""),
  };
  config_test::Mutation mutation;
  int refused = 0;
  int accepted = 0;
  for (const auto& original : originals) {
    for (int i = 0; i < 450; ++i) {
      const auto text = i == 0 ? original : mutation.apply(original);
      const bool is_refused = throws_without_canary(text, [&] {
        const auto target = config::parse_sqlserver("survey", Secret{text}, i % 2 == 0);
        throws_without_canary(text, [&] { choose_driver("survey", target, installed); });
        throws_without_canary(text, [&] { choose_driver("survey", target, {}); });
        for (const auto& driver : installed) {
          throws_without_canary(text, [&] { to_odbc_text("survey", target, driver, {}); });
        }
      });
      ++(is_refused ? refused : accepted);
    }
  }
  EXPECT_GT(refused, 1200);
  EXPECT_GT(accepted, 450);
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
