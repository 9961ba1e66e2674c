#include "backend/sqlserver/cell_text.hpp"

#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace flowdb::backend::sqlserver {
namespace {

template <class T>
std::string cell(CellForm form, const T& value, int fraction_digits = 7) {
  ColumnPlan plan;
  plan.form = form;
  plan.fraction_digits = fraction_digits;
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  std::string out(most_cell_bytes(form, bytes.size()), '#');
  const char* const end = write_cell(plan, bytes.data(), bytes.size(), out.data());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

std::string decimal(const std::string& text) {
  const ColumnPlan plan{{}, CellForm::decimal, SQL_C_CHAR, 48};
  std::string out(most_cell_bytes(CellForm::decimal, text.size()), '#');
  const char* const end = write_cell(plan, text.data(), text.size(), out.data());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

SQL_TIMESTAMP_STRUCT timestamp(SQLSMALLINT year, SQLUINTEGER nanoseconds) {
  return {year, 2, 9, 7, 5, 3, nanoseconds};
}

TEST(CellText, DatesKeepTheZerosOfEarlyYears) {
  EXPECT_EQ(cell(CellForm::date, SQL_DATE_STRUCT{1, 1, 1}), "0001-01-01");
  EXPECT_EQ(cell(CellForm::date, SQL_DATE_STRUCT{9999, 12, 31}), "9999-12-31");
  EXPECT_EQ(cell(CellForm::timestamp, timestamp(987, 0)), "0987-02-09 07:05:03");
}

TEST(CellText, TimesShowHundredNanoseconds_AndNoMoreThanTheColumnHolds) {
  EXPECT_EQ(cell(CellForm::timestamp, timestamp(2024, 123'456'700)), "2024-02-09 07:05:03.1234567");
  EXPECT_EQ(cell(CellForm::timestamp, timestamp(2024, 100)), "2024-02-09 07:05:03.0000001");
  EXPECT_EQ(cell(CellForm::timestamp, timestamp(2024, 500'000'000)), "2024-02-09 07:05:03.5");
  EXPECT_EQ(cell(CellForm::timestamp, timestamp(2024, 3'333'300), 3), "2024-02-09 07:05:03.003")
      << "DATETIME counts 300ths of a second";
  EXPECT_EQ(cell(CellForm::timestamp, timestamp(2024, 1), 7), "2024-02-09 07:05:03");
  EXPECT_EQ(cell(CellForm::timestamp, timestamp(2024, 900'000'000), 0), "2024-02-09 07:05:03");
  EXPECT_EQ(cell(CellForm::time, Time2{23, 59, 59, 999'999'900}), "23:59:59.9999999");
}

TEST(CellText, OffsetsHaveTheirSign) {
  const auto at = [](SQLSMALLINT hours, SQLSMALLINT minutes) {
    return cell(CellForm::timestamp_tz, TimestampOffset{2024, 1, 15, 10, 30, 0, 0, hours, minutes});
  };
  EXPECT_EQ(at(0, 0), "2024-01-15 10:30:00+00");
  EXPECT_EQ(at(5, 30), "2024-01-15 10:30:00+05:30");
  EXPECT_EQ(at(-3, -30), "2024-01-15 10:30:00-03:30");
  EXPECT_EQ(at(0, -30), "2024-01-15 10:30:00-00:30");
  EXPECT_EQ(at(14, 0), "2024-01-15 10:30:00+14");
}

TEST(CellText, NumbersAreExactAndShort) {
  EXPECT_EQ(cell(CellForm::integer, SQLBIGINT{-9'223'372'036'854'775'807 - 1}),
            "-9223372036854775808");
  EXPECT_EQ(cell(CellForm::float64, SQLDOUBLE{0.1}), "0.1");
  EXPECT_EQ(cell(CellForm::float32, SQLREAL{0.1F}), "0.1");
  EXPECT_EQ(cell(CellForm::bit, SQLCHAR{1}), "t");
  EXPECT_EQ(decimal(".5"), "0.5");
  EXPECT_EQ(decimal("-.50"), "-0.50");
  EXPECT_EQ(decimal("-12345678901234567890123456789012345678"),
            "-12345678901234567890123456789012345678");
}

TEST(CellText, UniqueidentifiersAreLowerCase_InTheOrderInWhichTheyAreWritten) {
  const SQLGUID id{0x6F9619FF, 0x8B86, 0xD011, {0xB4, 0x2D, 0x00, 0xC0, 0x4F, 0xC9, 0x64, 0xFF}};
  EXPECT_EQ(cell(CellForm::uuid, id), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
