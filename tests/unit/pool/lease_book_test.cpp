#include "pool/lease_book.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <flowdb/run_context.hpp>

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr LeaseBook::TimePoint kStart{1h};

TEST(LeaseBook, KnowsWhoHoldsWhat_TheOldestFirst) {
  LeaseBook book{3, 0ms};
  const std::string update = "UPDATE t SET a = ?";
  const std::string select = "SELECT ?";
  book.lend(2, {"execute_query", {"/home/somebody/rpa1/src/load.cpp", 42}, &select}, kStart + 1s);
  {
    const RunContext context{{.flow = "rpa1", .task = "load"}};
    book.lend(0, {"transaction", CallSite::here(), nullptr}, kStart);
  }
  const auto first = book.holders(kStart + 3s);
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_EQ(first[0].operation, "transaction");
  EXPECT_EQ(first[0].call_site, "pool/lease_book_test.cpp:" + std::to_string(__LINE__ - 5));
  EXPECT_EQ(first[0].context, "rpa1/load");
  EXPECT_EQ(first[0].thread, gettid());
  EXPECT_EQ(first[0].held, 3s);
  EXPECT_TRUE(first[0].is_running);
  EXPECT_EQ(first[0].statement, "");
  EXPECT_EQ(first[1].call_site, "src/load.cpp:42");
  EXPECT_EQ(first[1].context, "");
  EXPECT_EQ(first[1].statement, "SELECT ?");
  book.run(0, update);
  book.rest(0);
  book.take_back(2);
  const auto second = book.holders(kStart + 3s);
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].statement, update);
  EXPECT_FALSE(second[0].is_running);
  book.lend(2, {}, kStart + 2s);
  EXPECT_EQ(book.holders(kStart + 3s)[1].call_site, "") << "of a lease that says nothing";
}

TEST(LeaseBook, NamesALeaseThatLastsTooLong_Once) {
  LeaseBook book{2, 10s};
  EXPECT_EQ(book.next_overdue(kStart), kStart + 10s) << "who borrows in a moment";
  book.lend(0, {"stream_query"}, kStart);
  book.lend(1, {"transaction"}, kStart + 4s);
  EXPECT_EQ(book.next_overdue(kStart + 5s), kStart + 10s);
  EXPECT_THAT(book.overdue(kStart + 9999ms), IsEmpty());
  const auto overdue = book.overdue(kStart + 10s);
  ASSERT_THAT(overdue, SizeIs(1));
  EXPECT_EQ(overdue[0].operation, "stream_query");
  EXPECT_THAT(book.overdue(kStart + 11s), IsEmpty());
  EXPECT_EQ(book.next_overdue(kStart + 11s), kStart + 14s);
  book.take_back(0);
  book.lend(0, {"stream_query"}, kStart + 12s);
  EXPECT_THAT(book.overdue(kStart + 22s), SizeIs(2)) << "another lease of the same connection";
}

TEST(LeaseBook, SuspectsNobody_WhenItIsNotAsked) {
  LeaseBook book{1, 0ms};
  book.lend(0, {}, kStart);
  EXPECT_THAT(book.overdue(kStart + 24h), IsEmpty());
  EXPECT_EQ(book.next_overdue(kStart), std::nullopt);
}

}  // namespace
}  // namespace flowdb::pool
