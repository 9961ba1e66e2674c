#include "reliability/cut_insert_trial.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::reliability {
namespace {

using namespace std::chrono_literals;
using test_support::ChaosProxy;
using test_support::Cut;
using test_support::Direction;

DatabaseOptions one_that_tries_again() {
  auto options = test::one_connection();
  options.statement_cache_size = 0;  // the same bytes every time
  options.retry = RetryPolicy{};
  options.retry->min_wait = options.retry->max_wait = 1ms;
  return options;
}

class CutInsertTrial {
 public:
  explicit CutInsertTrial(TrialRun& trial)
      : trial_(trial), step_(static_cast<std::uint64_t>(trial.setting("step"))) {
    database_.exec("CREATE TABLE t (id int)");
  }

  void run() {
    measure();
    auto random = trial_.random(0);
    const auto first = random() % step_;
    for (const auto direction : {Direction::to_server, Direction::to_client}) {
      for (const bool is_new : {true, false}) {
        std::uint64_t byte = first;
        while (cut_at(direction, is_new, byte)) byte += step_;
      }
    }
    for (int i = 0; i < 20; ++i) cut_before();
    trial_.figure("cuts", cuts_);
    trial_.figure("inserted", inserted_);
    trial_.figure("unknown", unknown_);
    trial_.figure("not inserted", failed_);
    trial_.expect(cuts_ > 0 && inserted_ > 0, "nothing was cut, or nothing ever succeeded");
  }

 private:
  /// How many bytes a client sends before the first statement, and in it.
  void measure() {
    auto db = test::manager_for(proxy_.url(), one_that_tries_again());
    insert(db, 0);
    const auto all = proxy_.bytes(Direction::to_server);
    insert(db, 0);
    statement_bytes_ = proxy_.bytes(Direction::to_server) - all;
    bytes_before_ = all - statement_bytes_;
    database_.exec("TRUNCATE t");
  }

  /// False when the call was over before so many bytes had passed.
  bool cut_at(Direction direction, bool is_new, std::uint64_t byte) {
    const int id = static_cast<int>(++calls_) + 1'000'000;
    auto db = test::manager_for(proxy_.url(), one_that_tries_again());
    if (!is_new) insert(db, -id);
    const auto accepted = proxy_.accepted_connections();
    proxy_.cut({.direction = direction, .after_bytes = byte});
    const auto where = std::string{is_new ? "new connection" : "connection in use"} +
                       (direction == Direction::to_server ? ", byte " : ", answer's byte ") +
                       std::to_string(byte);
    // A cut strikes when its byte arrives: when that is the statement's first, the client has sent
    // it, and cannot know that it went no further.
    const bool is_before = direction == Direction::to_server && is_new && byte < bytes_before_;
    const auto rows = call(db, id, is_before, where);
    trial_.expect(rows == count(id), where + ": rows " + count(id) + ", not " + rows);
    const bool is_cut = proxy_.accepted_connections() > accepted + (is_new ? 1U : 0U) ||
                        proxy_.open_connections() == 0;
    proxy_.cut({.times = 0});
    cuts_ += is_cut ? 1 : 0;
    return is_cut;
  }

  /// The connection in use is gone before anything is sent on it.
  void cut_before() {
    const int id = static_cast<int>(++calls_) + 1'000'000;
    auto db = test::manager_for(proxy_.url(), one_that_tries_again());
    insert(db, -id);
    proxy_.cut_all();
    const std::string where = "connection in use, before the statement";
    const auto rows = call(db, id, true, where);
    trial_.expect(rows == count(id), where + ": rows " + count(id) + ", not " + rows);
    ++cuts_;
  }

  /// How many rows there must be afterwards; where that is open, how many there are.
  std::string call(DatabaseManager& db, int id, bool is_before, const std::string& where) {
    try {
      insert(db, id);
      ++inserted_;
      return "1";
    } catch (const CommitUnknownError& error) {
      trial_.expect(!is_before, where + ": " + error.what());
      ++unknown_;
      const auto rows = count(id);
      trial_.expect(rows == "0" || rows == "1", where + ": rows " + rows);
      return rows;
    } catch (const Error& error) {
      trial_.expect(!is_before, where + ": " + error.what());
      ++failed_;
      return "0";
    }
  }

  static void insert(DatabaseManager& db, int id) {
    db.execute_query_with_retry("INSERT INTO t VALUES (:id)", {{"id", id}});
  }

  /// Once the server has finished what it had been sent.
  std::string count(int id) {
    trial_.expect(test_support::wait_until([&] {
                    return database_.scalar(
                               "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                               " AND datname = current_database() AND pid <> pg_backend_pid()") ==
                           "0";
                  }),
                  "the server does not come to rest");
    return database_.scalar("SELECT count(*) FROM t WHERE id = " + std::to_string(id));
  }

  TrialRun& trial_;
  std::uint64_t step_;
  test_support::TestDatabase database_;
  ChaosProxy proxy_{database_.url()};
  std::uint64_t bytes_before_ = 0;
  std::uint64_t statement_bytes_ = 0;
  std::int64_t calls_ = 0;
  int cuts_ = 0;
  int inserted_ = 0;
  int unknown_ = 0;
  int failed_ = 0;
};

}  // namespace

void run_cut_insert_trial(TrialRun& trial) {
  CutInsertTrial{trial}.run();
}

}  // namespace flowdb::reliability
