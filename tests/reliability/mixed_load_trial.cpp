#include "reliability/mixed_load_trial.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "reliability/resources.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::reliability {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test_support::CutStyle;
using Clock = TrialRun::Clock;

constexpr milliseconds kTimeout{5000};
/// What a call may take longer, on processors that others use as well; more is a hang.
constexpr milliseconds kLate{5000};
constexpr std::int64_t kMebibyte = 1024 * 1024;

class MixedLoadTrial {
 public:
  explicit MixedLoadTrial(TrialRun& trial) : trial_(trial) {
    database_.exec("CREATE TABLE t (id bigint)");
  }

  void run() {
    const auto start = Clock::now();
    const auto warm_up = std::min<Clock::duration>(trial_.duration() / 2, 5min);
    load_until(start + warm_up, 0);
    const auto before = measure();
    load_until(start + trial_.duration(), 1);
    const auto after = measure();
    compare(before, after, trial_.duration() - warm_up);
    const auto doubles = database_.scalar(
        "SELECT count(*) FROM (SELECT FROM t GROUP BY id HAVING count(*) > 1) AS d");
    trial_.expect(doubles == "0", "applied more than once: " + doubles);
    const auto rows = std::stoll(database_.scalar("SELECT count(*) FROM t"));
    trial_.expect(rows >= acknowledged_ && rows <= acknowledged_ + unknown_,
                  "rows: " + std::to_string(rows) + ", acknowledged " +
                      std::to_string(acknowledged_) + ", unknown " + std::to_string(unknown_));
    trial_.figure("calls", calls_);
    trial_.figure("longest_ms", longest_);
    trial_.figure("failed", failed_);
    trial_.figure("faults", faults_);
    trial_.figure("rows", rows);
    trial_.figure("unknown", unknown_);
    trial_.expect(faults_ > 0 && failed_ > 0 && succeeded_ > faults_, "faults without effect");
  }

 private:
  static DatabaseOptions options() {
    DatabaseOptions options;
    options.pool_size = 4;
    options.max_overflow = 4;
    options.timeout = kTimeout;
    return options;
  }

  void load_until(Clock::time_point end, std::uint64_t part) {
    std::vector<std::thread> threads;
    for (int index = 0; index < trial_.setting("threads"); ++index) {
      threads.emplace_back([this, end, stream = 2 * static_cast<std::uint64_t>(index) + part] {
        auto random = trial_.random(100 + stream);
        while (Clock::now() < end) call(random);
      });
    }
    auto random = trial_.random(part);
    while (Clock::now() < end) disturb(random);
    proxy_.heal();
    for (auto& thread : threads) thread.join();
  }

  void disturb(std::mt19937_64& random) {
    std::this_thread::sleep_for(milliseconds{200 + random() % 600});
    switch (random() % 5) {
      case 0:
        proxy_.cut_all(CutStyle::reset);
        break;
      case 1:
        proxy_.cut_all(CutStyle::close);
        break;
      case 2:
        proxy_.stall();
        std::this_thread::sleep_for(milliseconds{50 + random() % 500});
        proxy_.heal();
        break;
      case 3:
        database_.exec(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        break;
      default:
        proxy_.cut({.direction = random() % 2 == 0 ? test_support::Direction::to_server
                                                   : test_support::Direction::to_client,
                    .after_bytes = random() % 3000,
                    .style = random() % 2 == 0 ? CutStyle::silence : CutStyle::client_only});
        break;
    }
    ++faults_;
    // However slow the machine is, there is work between two faults.
    const auto enough = succeeded_ + 20;
    test_support::wait_until([&] { return succeeded_ >= enough; }, 20s);
  }

  void call(std::mt19937_64& random) {
    const auto started = Clock::now();
    ++calls_;
    try {
      one_of_many(random);
      ++succeeded_;
    } catch (const Error&) {
      ++failed_;  // which one fits is for the tests of each
    } catch (const std::exception& error) {
      trial_.expect(false, std::string{"not an error of flowdb's: "} + error.what());
    }
    const auto elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - started);
    auto longest = longest_.load();
    while (elapsed.count() > longest && !longest_.compare_exchange_weak(longest, elapsed.count())) {
    }
    trial_.expect(elapsed <= kTimeout + kLate, "a call took " + std::to_string(elapsed.count()) +
                                                   " ms of " + std::to_string(kTimeout.count()));
  }

  void one_of_many(std::mt19937_64& random) {
    const auto id = ++last_id_;
    switch (random() % 7) {
      case 0:
        trial_.expect(db_.execute_query("SELECT :id", {{"id", id}}).scalar<std::int64_t>() == id,
                      "another's answer");
        break;
      case 1:
        db_.execute_query_with_timeout("SELECT pg_sleep(0.02)", {},
                                       milliseconds{1 + random() % 40});
        break;
      case 2:
        write([&] { db_.execute_query("INSERT INTO t VALUES (:id)", {{"id", id}}); });
        break;
      case 3:
        write([&] {
          db_.transaction([&](Transaction& tx) {
            tx.execute_query("SELECT 1");
            tx.execute_query("INSERT INTO t VALUES (:id)", {{"id", id}});
          });
        });
        break;
      case 4:
        write([&] { db_.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", id}}}); });
        break;
      case 5:
        write([&] { db_.bulk_insert("t", {"id"}, {{id}}); });
        break;
      default:
        read_stream(random() % 2 == 0);
        break;
    }
  }

  template <class Call>
  void write(const Call& call) {
    try {
      call();
      ++acknowledged_;
    } catch (const Error& error) {
      if (error.is_outcome_unknown()) ++unknown_;
      throw;
    }
  }

  void read_stream(bool to_its_end) {
    std::int64_t sum = 0;
    for (const auto& row : db_.stream_query("SELECT generate_series(1, 20000) AS n")) {
      sum += row["n"].as<std::int64_t>();
      if (!to_its_end && sum > 1'000'000) return;
    }
    trial_.expect(sum == 200'010'000, "a stream has lost rows: " + std::to_string(sum));
  }

  /// With no connection open and none on its way.
  Resources measure() {
    trial_.expect(test_support::wait_until(
                      [&] {
                        db_.dispose();
                        const auto status = db_.get_pool_status();
                        return status.total_connections == 0 && status.opening == 0;
                      },
                      30s),
                  "the pool does not come to rest");
    proxy_.cut_all();
    test_support::wait_until([&] { return proxy_.open_connections() == 0; });
    // A thread that has closed a connection may need a moment more to end.
    std::this_thread::sleep_for(500ms);
    return measure_resources();
  }

  void compare(const Resources& before, const Resources& after, Clock::duration between) {
    const auto growth = after.resident_bytes - before.resident_bytes;
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(between).count();
    const auto allowed = kMebibyte * std::max<std::int64_t>(minutes, 10) / 10;
    trial_.figure("resident KiB", after.resident_bytes / 1024);
    trial_.figure("grown by KiB", growth / 1024);
    trial_.figure("file descriptors", after.file_descriptors);
    trial_.expect(trial_.setting("memory") == 0 || growth <= allowed,
                  "resident memory has grown by " + std::to_string(growth / 1024) + " KiB");
    trial_.expect(after.file_descriptors == before.file_descriptors,
                  "file descriptors: " + std::to_string(after.file_descriptors) + ", before " +
                      std::to_string(before.file_descriptors));
  }

  TrialRun& trial_;
  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
  std::atomic<std::int64_t> longest_{0};
  DatabaseManager db_ = test::manager_for(proxy_.url(), options());
  std::atomic<std::int64_t> last_id_{0};
  std::atomic<std::int64_t> calls_{0};
  std::atomic<std::int64_t> succeeded_{0};
  std::atomic<std::int64_t> failed_{0};
  std::atomic<std::int64_t> acknowledged_{0};
  std::atomic<std::int64_t> unknown_{0};
  std::int64_t faults_ = 0;
};

}  // namespace

void run_mixed_load_trial(TrialRun& trial) {
  MixedLoadTrial{trial}.run();
}

}  // namespace flowdb::reliability
