#include "rpa1/sales.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "rpa1/csv.hpp"

namespace flows::rpa1 {
namespace {

const std::string kHeader = "product,quantity,price,date\n";

SalesFile read(const std::string& text) {
  std::istringstream csv{text};
  return read_sales(csv);
}

TEST(Csv, SplitsPlainAndQuotedFields) {
  using Fields = std::vector<std::string>;
  EXPECT_EQ(split_csv_line("a,b,,d"), (Fields{"a", "b", "", "d"}));
  EXPECT_EQ(split_csv_line(""), Fields{""});
  EXPECT_EQ(split_csv_line("a,"), (Fields{"a", ""}));
  EXPECT_EQ(split_csv_line(R"("Widget, ""large""",7)"), (Fields{R"(Widget, "large")", "7"}));
  EXPECT_EQ(split_csv_line(R"("",x)"), (Fields{"", "x"}));
}

TEST(Csv, RefusesQuotesThatDoNotPair) {
  EXPECT_THROW(split_csv_line("\"open,1"), std::invalid_argument);
  EXPECT_THROW(split_csv_line("\"a\"b,1"), std::invalid_argument);
  EXPECT_THROW(split_csv_line("a\"b,1"), std::invalid_argument);
}

TEST(Sales, TheSampleFileComesToItsKnownFigures) {
  std::ifstream csv{FLOWDB_SOURCE_DIR "/examples/project/flows/rpa1/data/sales.csv"};
  const auto file = read_sales(csv);
  EXPECT_TRUE(file.rejected.empty());
  const auto totals = add_up(file.sales);
  EXPECT_EQ(totals.records, 5U);
  EXPECT_EQ(totals.quantity, 575);
  EXPECT_EQ(totals.value, 6243'75);
  EXPECT_EQ(totals.average_price, 12'15);
  EXPECT_EQ(results_of(file)["products"]["Widget A"]["total_quantity"], 250);
}

TEST(Sales, RejectsBadLinesByNumberAndKeepsTheOthers) {
  const auto file = read(kHeader +
                         "Widget,1,2.50,2024-01-15\r\n"
                         "\n"
                         "Widget,0,2.50,2024-01-15\n"
                         "Widget,1x,2.50,2024-01-15\n"
                         "Widget,1,2.505,2024-01-15\n"
                         "Widget,1,-2.50,2024-01-15\n"
                         "Widget,1,2.50,2024-02-30\n"
                         "Widget,1,2.50,infinity\n"
                         ",1,2.50,2024-01-15\n"
                         "Widget,1,2.50\n"
                         "Widget,2,2.51,2024-01-16");
  ASSERT_EQ(file.sales.size(), 2U);
  EXPECT_EQ(file.sales[1].date.to_string(), "2024-01-16");
  std::vector<std::size_t> lines;
  for (const auto& rejected : file.rejected) {
    lines.push_back(rejected.line);
    EXPECT_FALSE(rejected.reason.empty());
  }
  EXPECT_EQ(lines, (std::vector<std::size_t>{4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(add_up(file.sales).average_price, 2'51);  // 2.505, half up
}

TEST(Sales, AFileWithoutSalesHasNoAveragePrice) {
  const auto results = results_of(read(kHeader));
  EXPECT_EQ(results["records"], 0);
  EXPECT_EQ(results["total_value"], 0.0);
  EXPECT_TRUE(results["average_price"].is_null());
}

TEST(Sales, RefusesAFileWithAnotherHeader) {
  EXPECT_THROW(read("product;quantity;price;date\n"), std::runtime_error);
  EXPECT_THROW(read(""), std::runtime_error);
}

}  // namespace
}  // namespace flows::rpa1
