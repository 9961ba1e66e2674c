#include "monitoring/health_check.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include <flowdb/error.hpp>

namespace flowdb::monitoring {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

/// One check under way.
class HealthCheck {
 public:
  HealthCheck(const config::Settings& settings, pool::Pool& pool,
              const ReadMigrations& read_migrations, pool::Pool* replica)
      : settings_(settings),
        pool_(pool),
        read_migrations_(read_migrations),
        replica_(replica),
        deadline_(Deadline::after(settings.health_timeout)),
        start_(Deadline::Clock::now()) {
    status_.database_name = settings.database_name;
    status_.database_type = to_string(pool.backend().type());
    status_.timestamp = std::chrono::system_clock::now();
  }

  HealthStatus run() {
    try {
      look();
    } catch (const PoolTimeoutError& error) {
      note(error, Health::degraded);  // the server may be well: it is the pool that is exhausted
    } catch (const std::exception& error) {
      note(error, status_.connection ? Health::degraded : Health::unhealthy);
    }
    if (replica_ != nullptr) {
      look_at_replica();
    }
    const Milliseconds elapsed = Deadline::Clock::now() - start_;
    status_.response_time_ms = elapsed.count();
    if (status_.status == Health::healthy && elapsed > settings_.health_degraded_after) {
      status_.status = Health::degraded;
      status_.error = "the check took longer than " +
                      std::to_string(settings_.health_degraded_after.count()) + " ms";
    }
    return std::move(status_);
  }

 private:
  void look() {
    const auto lease = acquire(pool_);
    status_.connection = true;
    ask(*lease);
    status_.query_test = true;
    status_.status = Health::healthy;
    if (read_migrations_) {
      look_at_migrations(*lease);
    }
  }

  pool::Lease acquire(pool::Pool& pool) const {
    auto lease = pool.acquire(
        {.deadline = deadline_, .fail_when_exhausted = true, .borrower = {"health_check"}});
    lease->set_flow_name(settings_.flow_name);
    return lease;
  }

  void ask(backend::Connection& connection) const {
    const sql::ParsedStatement statement{"SELECT 1", pool_.backend().dialect()};
    connection.execute({statement, {}, settings_.timeout}, deadline_);
  }

  void look_at_replica() {
    status_.replica = HealthStatus::Replica{};
    auto& report = *status_.replica;
    try {
      const auto lease = acquire(*replica_);
      report.connection = true;
      ask(*lease);
      report.query_test = true;
    } catch (const std::exception& error) {
      report.error = error.what();
      if (status_.status == Health::healthy) {
        note(error, Health::degraded);
      }
    }
    report.lag = replica_->backend().lag();
  }

  void look_at_migrations(backend::Connection& connection) {
    const auto migrations = read_migrations_(connection, deadline_);
    auto& report = status_.migration_status.emplace();
    report.current_version = migrations.current_version;
    for (const auto& pending : migrations.pending_migrations) {
      report.pending_migrations.push_back(pending.script);
    }
    if (!migrations.problems.empty()) {
      status_.status = Health::degraded;
      status_.error = migrations.problems.front();
    } else if (!migrations.pending_migrations.empty()) {
      status_.status = Health::degraded;
      status_.error = std::to_string(migrations.pending_migrations.size()) +
                      " migrations are pending: call run_migrations()";
    }
  }

  void note(const std::exception& error, Health health) {
    status_.status = health;
    status_.error = error.what();
  }

  const config::Settings& settings_;
  pool::Pool& pool_;
  const ReadMigrations& read_migrations_;
  pool::Pool* replica_;
  Deadline deadline_;
  Deadline::Clock::time_point start_;
  HealthStatus status_;
};

}  // namespace

HealthStatus check_health(const config::Settings& settings, pool::Pool& pool,
                          const ReadMigrations& read_migrations, pool::Pool* replica) {
  return HealthCheck{settings, pool, read_migrations, replica}.run();
}

HealthSummary summarize(std::vector<HealthStatus> databases) {
  HealthSummary summary;
  for (const auto& database : databases) {
    summary.status = std::max(summary.status, database.status);
  }
  summary.databases = std::move(databases);
  return summary;
}

}  // namespace flowdb::monitoring
