#include "backend/sqlserver/session_sql.hpp"

#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

namespace flowdb::backend::sqlserver {
namespace {

using namespace std::string_literals;

TEST(SqlserverNames, AreTakenLiterally) {
  EXPECT_EQ(quote_identifier("a]b"), "[a]]b]");
  EXPECT_EQ(quote_table("dbo.order details"), "[dbo].[order details]");
  EXPECT_EQ(quote_table("[db.o].[t]]]"), "[db.o].[t]]]");
  EXPECT_EQ(quote_table("#temporary"), "[#temporary]");
  EXPECT_EQ(insert_head("t", {"id", "a]"}), "INSERT INTO [t] ([id], [a]]]) VALUES ");
}

TEST(SqlserverNames, AreNoWayToWriteAStatement) {
  EXPECT_EQ(quote_table("[t] (a) VALUES (1) DELETE FROM [u]"),
            "[[t]] (a) VALUES (1) DELETE FROM [u]]]");
  EXPECT_EQ(quote_table("t] DELETE FROM [u"), "[t]] DELETE FROM [u]");
  for (const auto& name : {""s, "dbo."s, "a\0b"s, "[a\0b]"s}) {
    EXPECT_THROW(quote_table(name), InvalidArgument) << name;
  }
  EXPECT_THROW(insert_head("t", {}), InvalidArgument);
}

TEST(SqlserverSettings, CommitNothingByThemselves_WhereNothingMayBeWritten) {
  EXPECT_NE(session_settings(true).find("SET IMPLICIT_TRANSACTIONS ON"), std::string::npos);
  EXPECT_NE(session_settings(false).find("SET IMPLICIT_TRANSACTIONS OFF"), std::string::npos);
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
