#include "reliability/lost_commit_trial.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"

namespace flowdb::reliability {
namespace {

using namespace std::chrono_literals;
using test_support::Cut;
using test_support::CutStyle;
using test_support::Direction;

class LostCommitTrial {
 public:
  explicit LostCommitTrial(TrialRun& trial) : trial_(trial), random_(trial.random(0)) {
    database_.exec("CREATE TABLE t (id int)");
    database_.exec(
        "CREATE FUNCTION put(id int) RETURNS void LANGUAGE sql AS 'INSERT INTO t VALUES (id)'");
  }

  void run() {
    const int before = trial_.setting("before");
    const int after = trial_.setting("after");
    std::vector<Direction> directions(static_cast<std::size_t>(before), Direction::to_server);
    directions.insert(directions.end(), static_cast<std::size_t>(after), Direction::to_client);
    std::shuffle(directions.begin(), directions.end(), random_);
    for (int id = 0; const auto direction : directions) lose_commit(direction, id++);
    const auto wanted = std::to_string(directions.size());
    const auto rows = database_.scalar("SELECT count(*) || ':' || count(DISTINCT id) FROM t");
    trial_.expect(rows == wanted + ':' + wanted, "rows and different rows: " + rows);
    trial_.figure("lost before", before);
    trial_.figure("lost after", after);
    trial_.figure("resolved", resolved_);
    trial_.figure("slowest ms", slowest_.count());
  }

 private:
  void lose_commit(Direction direction, int id) {
    const CutStyle styles[] = {CutStyle::reset, CutStyle::close, CutStyle::client_only};
    const Cut cut{.direction = direction, .style = styles[random_() % 3]};
    const auto way = random_() % 4;
    const auto which = "COMMIT " + std::to_string(id) +
                       (direction == Direction::to_server ? " lost before" : " lost after");
    const auto started = TrialRun::Clock::now();
    int calls = 0;
    try {
      db_.transaction([&](Transaction& tx) {
        write(tx, way, id);
        if (++calls == 1) proxy_.cut(cut);
      });
      ++resolved_;
    } catch (const std::exception& error) {
      trial_.expect(false, which + ": " + error.what());
      return;
    }
    slowest_ = std::max(slowest_, std::chrono::duration_cast<std::chrono::milliseconds>(
                                      TrialRun::Clock::now() - started));
    // Lost before means rolled back, and done again; lost after means that it was applied.
    trial_.expect(calls == (direction == Direction::to_server ? 2 : 1),
                  which + ": the callable ran " + std::to_string(calls) + " times");
  }

  static void write(Transaction& tx, std::uint64_t way, int id) {
    switch (way) {
      case 0:
        tx.execute_query("INSERT INTO t VALUES (:id)", {{"id", id}});
        break;
      case 1:
        tx.execute_query("SELECT put(:id)", {{"id", id}});
        break;
      case 2:
        tx.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", id}}});
        break;
      default:
        tx.bulk_insert("t", {"id"}, {{id}});
        break;
    }
  }

  TrialRun& trial_;
  std::mt19937_64 random_;
  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
  DatabaseManager db_ = test::manager_for(proxy_.url(), test::one_connection());
  int resolved_ = 0;
  std::chrono::milliseconds slowest_{0};
};

}  // namespace

void run_lost_commit_trial(TrialRun& trial) {
  LostCommitTrial{trial}.run();
}

}  // namespace flowdb::reliability
