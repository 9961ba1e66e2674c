#include "reliability/migration_trial.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "support/connection_url.hpp"

namespace flowdb::reliability {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr int kMigrations = 20;  // each creates a table and inserts one probe into it
constexpr std::chrono::seconds kLongestRun{30};
constexpr const char* kOthersHere =
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'";

}  // namespace

MigrationTrial::MigrationTrial(TrialRun& trial)
    : trial_(trial),
      processes_(static_cast<std::size_t>(trial.setting("processes"))),
      administrator_(cluster_.url()) {
  write_migrations();
}

MigrationTrial::~MigrationTrial() {
  runners_.clear();
}

void MigrationTrial::run() {
  int round = 0;
  while (round < trial_.setting("rounds") && !trial_.is_time_up()) {
    if (!run_round(++round)) {
      trial_.expect(false, "round " + std::to_string(round) + " failed");
      break;
    }
  }
  trial_.figure("processes", static_cast<std::int64_t>(processes_));
  trial_.figure("rounds", round);
  trial_.figure("runners killed", kills_);
  trial_.figure("sessions ended", ends_);
  trial_.figure("runners replaced", replaced_);
  trial_.figure("longest run in ms", longest_.count());
  trial_.expect(kills_ + ends_ > 0, "nobody was disturbed, which says nothing");
}

void MigrationTrial::write_migrations() const {
  for (int number = 1; number <= kMigrations; ++number) {
    const auto table = "probe_" + std::to_string(number);
    std::ofstream file{directory_.path() / ("V" + std::to_string(number) + "__" + table + ".sql")};
    // No IF NOT EXISTS and no key: to run it twice fails, or shows.
    file << "CREATE TABLE " << table << " (id int, made_by int DEFAULT pg_backend_pid());\n"
         << "INSERT INTO " << table << " VALUES (" << number << ");\n";
  }
}

std::vector<MigrationTrial::Disturbance> MigrationTrial::disturbances_of(int round) const {
  auto random = trial_.random(static_cast<std::uint64_t>(round));
  std::vector<Disturbance> disturbances(processes_);
  auto at = milliseconds{0};
  for (auto& disturbance : disturbances) {
    at += milliseconds{random() % 60};
    disturbance = {at, random() % 2 == 0, random() % 1000};
  }
  return disturbances;
}

bool MigrationTrial::run_round(int round) {
  const auto started = Clock::now();
  create_database(round);
  const bool is_good = migrate(round) && check();
  observer_.reset();
  if (is_good) administrator_.exec("DROP DATABASE " + database_ + " WITH (FORCE)");
  trial_.tell("round " + std::to_string(round) + ": " +
              std::to_string(duration_cast<milliseconds>(Clock::now() - started).count()) + " ms");
  return is_good;
}

bool MigrationTrial::migrate(int round) {
  runners_.clear();
  for (std::size_t process = 0; process < processes_; ++process)
    runners_.emplace_back(url_, directory_.path());
  const auto disturbances = disturbances_of(round);
  auto next = disturbances.begin();
  const auto started = Clock::now();
  while (!runners_.empty()) {
    for (; next != disturbances.end() && Clock::now() - started >= next->at; ++next) disturb(*next);
    for (std::size_t index = 0; index < runners_.size();) {
      const auto duration = duration_cast<milliseconds>(Clock::now() - runners_[index].started());
      const int status = runners_[index].poll();
      if (status < 0) {
        if (duration > kLongestRun) {
          return trial_.expect(false,
                               "a runner hangs, process " + std::to_string(runners_[index].id()));
        }
        ++index;
        continue;
      }
      longest_ = std::max(longest_, duration);
      if (status == EXIT_SUCCESS) {
        runners_.erase(runners_.begin() + static_cast<std::ptrdiff_t>(index));
      } else if (status == kSessionEnded || status == 128 + 9) {
        ++replaced_;
        runners_[index] = MigrationRunner{url_, directory_.path()};
      } else {
        return trial_.expect(false, "a runner failed with " + std::to_string(status));
      }
    }
    std::this_thread::sleep_for(milliseconds{2});
  }
  return true;
}

void MigrationTrial::disturb(const Disturbance& disturbance) {
  if (disturbance.is_kill) {
    runners_[disturbance.victim % runners_.size()].kill();
    ++kills_;
    return;
  }
  const auto count = std::stoul(observer_->scalar(std::string{"SELECT count(*) "} + kOthersHere));
  if (count == 0) return;
  // Rather the one who works than those who wait: every other time it is whoever holds the lock.
  const std::string order = disturbance.victim % 2 == 0 ? "xact_start NULLS LAST, pid" : "pid";
  observer_->exec("SELECT pg_terminate_backend(pid) FROM (SELECT pid " + std::string{kOthersHere} +
                  " ORDER BY " + order + " LIMIT 1 OFFSET " +
                  std::to_string(disturbance.victim % 2 == 0 ? 0 : disturbance.victim % count) +
                  ") AS victim");
  ++ends_;
}

bool MigrationTrial::check() {
  bool is_good = true;
  for (int number = 1; number <= kMigrations; ++number) {
    const auto table = "probe_" + std::to_string(number);
    is_good = expect("SELECT concat(count(*), ':', coalesce(sum(id), 0)) FROM " + table,
                     "1:" + std::to_string(number), "probes in " + table) &&
              is_good;
  }
  std::string history;
  for (int number = 1; number <= kMigrations; ++number) {
    const auto text = std::to_string(number);
    history += (number == 1 ? "" : " ") + text + ":" + text + ":" + text + ":t";
  }
  is_good = expect(
                "SELECT string_agg(concat(version, ':', installed_rank, ':', version_rank, ':',"
                " success), ' ' ORDER BY installed_rank) FROM schema_version",
                history, "the history") &&
            is_good;
  return expect(
             "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
             " (SELECT oid FROM pg_database WHERE datname = current_database())",
             "0", "locks that are left") &&
         is_good;
}

bool MigrationTrial::expect(const std::string& sql, const std::string& wanted,
                            const std::string& what) {
  const auto found = observer_->scalar(sql);
  return trial_.expect(found == wanted, what + ": " + found + " instead of " + wanted);
}

void MigrationTrial::create_database(int round) {
  database_ = "trial_" + std::to_string(round);
  administrator_.exec("CREATE DATABASE " + database_);
  url_ = test_support::with_settings(cluster_.url(), {{"dbname", database_}});
  observer_ = std::make_unique<test_support::Observer>(url_);
}

void run_migration_trial(TrialRun& trial) {
  MigrationTrial{trial}.run();
}

}  // namespace flowdb::reliability
