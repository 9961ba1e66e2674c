#pragma once

#include <string>
#include <vector>

#include <flowdb/database_manager.hpp>

#include "harness.hpp"
#include "libpq.hpp"

namespace flowdb::benchmark {

/// The two ways to one server. The connection is a plain one of libpq.
struct Context {
  PGconn* raw;
  DatabaseManager& db;
  const std::string& url;
};

Workload one_row(Context context);
/// Reads the table of one_row().
Workload threads(Context context);
/// How long callers wait for a connection when there are too few. Without a server.
Workload fairness();
Workload transactions(Context context);

/// Fills the table that the workload reads.
void create_million_rows(PGconn* connection);
/// The peak growth of each side, in MiB; from a process that has no threads
/// yet.
std::vector<double> million_rows_memory(const std::string& url);
Workload million_rows(Context context, const std::vector<double>& memory);
/// 100,000 of these rows, read as their types and as JSON.
Workload json(Context context);

/// Without a server.
Workload pool_cycle();

Workload bulk_insert(Context context);
Workload batch(Context context);

/// A start of a program with nothing to migrate: files, history, comparison.
Workload migrations(Context context, const std::string& url, int count);

/// Creates the table that the workload reads, and gives the peak growth of each side, in MiB; from
/// a process that has no threads yet.
std::vector<double> sqlserver_rows_memory(const std::string& url);
/// How fast rows arrive, and what it costs to read their cells. `db` must outlive the workloads.
Workload sqlserver_rows(const std::string& url, DatabaseManager& db,
                        const std::vector<double>& memory);
Workload sqlserver_cells(const std::string& url, DatabaseManager& db,
                         const std::vector<double>& memory);

/// The manager that stands for flowdb: default settings, but for warnings about
/// slow statements.
DatabaseManager make_manager(const std::string& url, DatabaseType type = DatabaseType::postgresql);

}  // namespace flowdb::benchmark
