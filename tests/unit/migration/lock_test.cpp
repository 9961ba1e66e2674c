#include "migration/lock.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "result/table.hpp"

namespace flowdb::migration {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;
using testing::SizeIs;

/// A server on which another session frees the lock after some questions.
class BusyServer : public backend::Connection {
 public:
  explicit BusyServer(int refusals) : refusals_(refusals) {}

  std::vector<std::string> calls;

  ResultSet execute(const backend::Request& request, const Deadline&) override {
    calls.push_back(request.statement.verb());
    result::TableBuilder table{{{"is_locked", ColumnType::boolean}}};
    table.begin_row(1);
    table.add(refusals_-- > 0 ? "f" : "t");
    table.end_row();
    return table.finish(1);
  }
  void begin(const TransactionOptions& options, std::chrono::milliseconds timeout,
             const Deadline&) override {
    EXPECT_EQ(options.isolation, IsolationLevel::read_committed);
    EXPECT_EQ(timeout.count(), 0);
    calls.emplace_back("BEGIN");
  }
  void rollback(const Deadline&) override { calls.emplace_back("ROLLBACK"); }

  std::unique_ptr<backend::Cursor> open_cursor(const backend::Request&, const Deadline&) override {
    throw std::logic_error("open_cursor");
  }
  std::uint64_t execute_batch(const sql::ParsedStatement&, const std::vector<Params>&,
                              const Deadline&) override {
    throw std::logic_error("execute_batch");
  }
  std::uint64_t bulk_insert(std::string_view, const std::vector<std::string>&,
                            const std::vector<std::vector<Value>>&, const Deadline&) override {
    throw std::logic_error("bulk_insert");
  }
  void run_script(std::string_view, const Deadline&) override {
    throw std::logic_error("run_script");
  }
  void commit(const Deadline&) override { throw std::logic_error("commit"); }
  backend::ConnectionState state() const noexcept override {
    return backend::ConnectionState::idle;
  }
  bool is_lost() const noexcept override { return false; }
  bool seems_alive() noexcept override { return true; }
  bool ping(const Deadline&) noexcept override { return true; }
  void mark_session_touched() noexcept override {}
  bool reset(const Deadline&) noexcept override { return true; }
  bool abandon(const Deadline&) noexcept override { return true; }

 private:
  int refusals_;
};

/// Takes no time, and remembers how long it was asked to sleep.
class CountingClock : public Clock {
 public:
  TimePoint now() override { return {}; }
  void sleep_for(std::chrono::nanoseconds duration) override {
    sleeps.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
  }
  std::vector<std::int64_t> sleeps;
};

TEST(Lock, TakesOneQuestion_WhenItIsFree) {
  BusyServer server{0};
  CountingClock clock;
  Lock{server, sql_dialect(DatabaseType::postgresql), "rpa_db", "public.schema_version", clock}
      .acquire();
  EXPECT_THAT(server.calls, ElementsAre("BEGIN", "SELECT"));
  EXPECT_THAT(clock.sleeps, SizeIs(0));
}

TEST(Lock, AsksAgainOutsideOfATransaction_UntilItIsFree) {
  BusyServer server{12};
  CountingClock clock;
  Lock{server, sql_dialect(DatabaseType::postgresql), "rpa_db", "public.schema_version", clock}
      .acquire();
  ASSERT_THAT(server.calls, SizeIs(12 * 3 + 2));
  EXPECT_EQ(server.calls[2], "ROLLBACK");
  EXPECT_EQ(server.calls.back(), "SELECT");
  ASSERT_THAT(clock.sleeps, SizeIs(12));
  EXPECT_THAT(clock.sleeps, Each(Ge(5)));
  EXPECT_THAT(clock.sleeps, Each(Le(500)));
  EXPECT_LE(clock.sleeps.front(), 10);
  EXPECT_GE(clock.sleeps.back(), 250);
}

TEST(Lock, HasAKeyThatNeverChanges) {
  EXPECT_EQ(lock_key(""), static_cast<std::int64_t>(0xCBF29CE484222325U));
  EXPECT_EQ(lock_key("foobar"), static_cast<std::int64_t>(0x85944171F73967E8U));
  EXPECT_NE(lock_key("public.schema_version"), lock_key("other.schema_version"));
}

}  // namespace
}  // namespace flowdb::migration
