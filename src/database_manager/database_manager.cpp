#include <exception>
#include <utility>

#include <flowdb/database_manager.hpp>
#include <flowdb/migrator.hpp>

#include "database_manager/impl.hpp"
#include "monitoring/health_check.hpp"
#include "transaction/operation_record.hpp"

namespace flowdb {

DatabaseManager::DatabaseManager(std::string database_name)
    : DatabaseManager(std::move(database_name), ConfigManager{}) {}

DatabaseManager::DatabaseManager(std::string database_name, const ConfigManager& config,
                                 const DatabaseOptions& options)
    : impl_(std::make_unique<Impl>(config::resolve_settings(database_name, config, options))) {
  if (impl_->settings.auto_migrate) {
    run_migrations();
  }
}

DatabaseManager::DatabaseManager(DatabaseManager&&) noexcept = default;
DatabaseManager& DatabaseManager::operator=(DatabaseManager&&) noexcept = default;
DatabaseManager::~DatabaseManager() = default;

const std::string& DatabaseManager::database_name() const noexcept {
  return impl_->settings.database_name;
}

DatabaseType DatabaseManager::database_type() const noexcept {
  return impl_->settings.type;
}

ResultSet DatabaseManager::execute_query(std::string_view sql, const Params& params,
                                         CallSite site) {
  return impl_->executor.query(sql, params, impl_->settings.timeout, {}, {"execute_query", site});
}

ResultSet DatabaseManager::execute_query(std::string_view sql, const Params& params,
                                         const QueryOptions& options, CallSite site) {
  return impl_->reads.query(sql, params, options, {"execute_query", site});
}

ResultSet DatabaseManager::execute_query_with_timeout(std::string_view sql, const Params& params,
                                                      std::chrono::milliseconds timeout,
                                                      CallSite site) {
  return impl_->executor.query(sql, params, timeout, {}, {"execute_query_with_timeout", site});
}

ResultSet DatabaseManager::execute_query_with_retry(std::string_view sql, const Params& params,
                                                    bool idempotent, CallSite site) {
  return execute_query_with_retry(sql, params, impl_->settings.retry, idempotent, site);
}

ResultSet DatabaseManager::execute_query_with_retry(std::string_view sql, const Params& params,
                                                    const RetryPolicy& policy, bool idempotent,
                                                    CallSite site) {
  retry::check_policy(policy);
  return impl_->executor.query(sql, params, impl_->settings.timeout, {&policy, idempotent},
                               {"execute_query_with_retry", site});
}

std::vector<ResultSet> DatabaseManager::execute_transaction(
    const std::vector<flowdb::Statement>& statements, const TransactionOptions& options,
    CallSite site) {
  return impl_->reads.transaction(statements, options, {"execute_transaction", site});
}

void DatabaseManager::run_transaction(const std::function<void(Transaction&)>& body,
                                      const TransactionOptions& options, CallSite site) {
  impl_->reads.transaction(body, options, {"transaction", site});
}

RowStream DatabaseManager::stream_query(std::string_view sql, const Params& params, CallSite site) {
  return stream_query(sql, params, {}, site);
}

RowStream DatabaseManager::stream_query(std::string_view sql, const Params& params,
                                        const QueryOptions& options, CallSite site) {
  return impl_->reads.stream(sql, params, options, {"stream_query", site});
}

std::uint64_t DatabaseManager::execute_batch(std::string_view sql,
                                             const std::vector<Params>& params, CallSite site) {
  std::uint64_t affected = 0;
  impl_->executor.transaction([&](Transaction& tx) { affected = tx.execute_batch(sql, params); },
                              {}, {"execute_batch", site});
  return affected;
}

std::uint64_t DatabaseManager::bulk_insert(std::string_view table,
                                           const std::vector<std::string>& columns,
                                           const std::vector<std::vector<Value>>& rows,
                                           CallSite site) {
  return impl_->executor.bulk_insert(table, columns, rows, site);
}

MigrationReport DatabaseManager::run_migrations(CallSite site) {
  return Migrator{*this, site}.migrate();
}

MigrationStatus DatabaseManager::get_migration_status(CallSite site) {
  return Migrator{*this, site}.status();
}

HealthStatus DatabaseManager::health_check() noexcept {
  monitoring::ReadMigrations read_migrations;
  if (impl_->has_migrations()) {
    read_migrations = [this](backend::Connection& connection, const Deadline& deadline) {
      const auto& options = impl_->settings.migrations;
      const auto files = impl_->migration_files(options);
      return migration::status(impl_->workplace(connection, files, options),
                               {impl_->settings.timeout, deadline});
    };
  }
  auto& metrics = impl_->executor.engine().metrics();
  OperationRecord record{metrics, {}, "health_check", {}, 1};
  auto report =
      monitoring::check_health(impl_->settings, impl_->executor.engine().pool(), read_migrations,
                               impl_->replica != nullptr ? &impl_->replica->pool() : nullptr);
  if (report.status == Health::healthy) {
    record.succeeded(0);
  } else {
    record.found(to_string(report.status), report.status == Health::unhealthy);
  }
  metrics.note_health(report.status);
  if (report.migration_status) {
    const auto& migrations = *report.migration_status;
    metrics.note_migrations(migrations.current_version, migrations.pending_migrations.size());
  }
  return report;
}

PoolStatus DatabaseManager::get_pool_status(PoolDetail detail) const {
  auto status = impl_->executor.engine().pool().status(detail);
  if (impl_->replica != nullptr) {
    status.replica = std::make_shared<const PoolStatus>(impl_->replica->pool().status(detail));
  }
  return status;
}

void DatabaseManager::dispose() {
  impl_->executor.engine().pool().dispose();
  impl_->executor.engine().notifications()->rest();
  if (impl_->replica != nullptr) {
    impl_->replica->pool().dispose();
  }
}

std::size_t DatabaseManager::dispose(std::chrono::milliseconds timeout) {
  const auto deadline = Deadline::after(timeout);
  impl_->executor.engine().notifications()->rest();
  auto lent = impl_->executor.engine().pool().dispose(deadline);
  if (impl_->replica != nullptr) {
    lent += impl_->replica->pool().dispose(deadline);
  }
  return lent;
}

}  // namespace flowdb

flowdb::HealthSummary flowdb::health_check_all(const std::vector<DatabaseManager*>& databases) {
  std::vector<HealthStatus> reports;
  reports.reserve(databases.size());
  for (auto* database : databases) {
    reports.push_back(database->health_check());
  }
  return monitoring::summarize(std::move(reports));
}
