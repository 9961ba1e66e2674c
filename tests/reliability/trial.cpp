#include "trial.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "support/connection_url.hpp"

namespace flowdb::reliability {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr const char* kOthersHere =
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'";

}  // namespace

Trial::Trial(const TrialPlan& plan) : plan_(plan), administrator_(cluster_.url()) {
  write_migrations();
}

Trial::~Trial() {
  runners_.clear();
}

bool Trial::run() {
  std::cout << plan_.processes << " processes, " << plan_.rounds << " rounds, seed " << plan_.seed
            << std::endl;
  for (int round = 1; round <= plan_.rounds; ++round) {
    if (!run_round(round)) {
      std::cout << "round " << round << " FAILED; again: flowdb_migration_trial " << plan_.processes
                << " " << plan_.rounds << " " << plan_.seed << std::endl;
      return false;
    }
  }
  std::cout << "all rounds: " << kills_ << " runners killed, " << ends_ << " sessions ended, "
            << replaced_ << " runners replaced; the longest run took " << longest_.count() << " ms"
            << std::endl;
  return kills_ + ends_ > 0;  // a trial that has disturbed nobody says nothing
}

void Trial::write_migrations() const {
  for (int number = 1; number <= plan_.migrations; ++number) {
    const auto table = "probe_" + std::to_string(number);
    std::ofstream file{directory_.path() / ("V" + std::to_string(number) + "__" + table + ".sql")};
    // No IF NOT EXISTS and no key: to run it twice fails, or shows.
    file << "CREATE TABLE " << table << " (id int, made_by int DEFAULT pg_backend_pid());\n"
         << "INSERT INTO " << table << " VALUES (" << number << ");\n";
  }
}

std::vector<Trial::Disturbance> Trial::disturbances_of(int round) const {
  std::seed_seq sequence{static_cast<std::uint32_t>(plan_.seed),
                         static_cast<std::uint32_t>(plan_.seed >> 32U),
                         static_cast<std::uint32_t>(round)};
  std::mt19937 random{sequence};
  std::vector<Disturbance> disturbances(static_cast<std::size_t>(plan_.processes));
  auto at = milliseconds{0};
  for (auto& disturbance : disturbances) {
    at += milliseconds{random() % 60};
    disturbance = {at, random() % 2 == 0, random() % 1000};
  }
  return disturbances;
}

bool Trial::run_round(int round) {
  const auto started = Clock::now();
  create_database(round);
  const bool is_good = migrate(round) && check();
  observer_.reset();
  if (is_good) administrator_.exec("DROP DATABASE " + database_ + " WITH (FORCE)");
  std::cout << "round " << round << ": "
            << duration_cast<milliseconds>(Clock::now() - started).count() << " ms" << std::endl;
  return is_good;
}

bool Trial::migrate(int round) {
  runners_.clear();
  for (int process = 0; process < plan_.processes; ++process)
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
        if (duration > plan_.longest_run) {
          std::cout << "a runner hangs, process " << runners_[index].id() << std::endl;
          return false;
        }
        ++index;
        continue;
      }
      longest_ = std::max(longest_, duration);
      if (status == EXIT_SUCCESS) {
        runners_.erase(runners_.begin() + static_cast<std::ptrdiff_t>(index));
      } else if (status == kSessionEnded || status == 128 + 9) {
        ++replaced_;
        runners_[index] = Runner{url_, directory_.path()};
      } else {
        std::cout << "a runner failed with " << status << std::endl;
        return false;
      }
    }
    std::this_thread::sleep_for(milliseconds{2});
  }
  return true;
}

void Trial::disturb(const Disturbance& disturbance) {
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

bool Trial::check() {
  bool is_good = true;
  for (int number = 1; number <= plan_.migrations; ++number) {
    const auto table = "probe_" + std::to_string(number);
    is_good = expect("SELECT concat(count(*), ':', coalesce(sum(id), 0)) FROM " + table,
                     "1:" + std::to_string(number), "probes in " + table) &&
              is_good;
  }
  std::string history;
  for (int number = 1; number <= plan_.migrations; ++number) {
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

bool Trial::expect(const std::string& sql, const std::string& wanted, const std::string& what) {
  const auto found = observer_->scalar(sql);
  if (found == wanted) return true;
  std::cout << what << ": " << found << " instead of " << wanted << std::endl;
  return false;
}

void Trial::create_database(int round) {
  database_ = "trial_" + std::to_string(round);
  administrator_.exec("CREATE DATABASE " + database_);
  url_ = test_support::with_settings(cluster_.url(), {{"dbname", database_}});
  observer_ = std::make_unique<test_support::Observer>(url_);
}

}  // namespace flowdb::reliability
