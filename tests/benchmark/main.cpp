// flowdb beside libpq and SOCI, in one process, on the server that
// FLOWDB_BENCHMARK_POSTGRES names:
//
//   flowdb_benchmark RESULTS.json
//
// and beside ODBC on the server that FLOWDB_TEST_SQLSERVER names, if it does.

#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <flowdb/config.hpp>

#include "core/iso_time.hpp"
#include "report.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

/// The rest of the first line of `path` that begins with `name`, behind the
/// colon.
std::string line_of(const std::string& path, const std::string& name) {
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name)) {
      return line.substr(line.find_first_not_of(" \t", line.find(':') + 1));
    }
  }
  return "unknown";
}

/// The processors that the kernel lets a process of this machine run on.
std::string processors_of(int process) {
  return line_of("/proc/" + std::to_string(process) + "/status", "Cpus_allowed_list");
}

/// Of the last minute: near 0 on a machine that measures well.
std::string load_average() {
  std::string load;
  std::ifstream{"/proc/loadavg"} >> load;
  return load;
}

std::string setting(PGconn* connection, const std::string& name) {
  const auto sql = "SHOW " + name;
  return PQgetvalue(execute(connection, sql.c_str()).get(), 0, 0);
}

nlohmann::json facts_of(PGconn* connection) {
  return {{"date", core::iso_time(std::chrono::system_clock::now())},
          {"machine", line_of("/proc/cpuinfo", "model name") + ", " +
                          std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + " processors"},
          {"load before", load_average()},
          {"client on processor", processors_of(getpid())},
          {"server on processor", processors_of(PQbackendPID(connection))},
          {"transport", PQsslInUse(connection) == 1 ? "TCP with TLS" : "Unix socket"},
          {"server", "PostgreSQL " + setting(connection, "server_version")}};
}

}  // namespace

DatabaseManager make_manager(const std::string& url, DatabaseType type) {
  DatabaseOptions options;
  options.type = type;
  options.allow_plaintext = true;
  options.connection_string = url;
  options.timeout = std::chrono::minutes{5};  // a busy machine must not end the run
  options.slow_statement = std::chrono::milliseconds{0};
  return DatabaseManager{"benchmark", ConfigManager{}, options};
}

namespace {

void run(const std::string& url, const std::string& path) {
  const auto raw = connect(url);
  execute(raw.get(), "SET client_min_messages = warning");
  create_million_rows(raw.get());
  const auto memory = million_rows_memory(url);
  const char* const sqlserver = std::getenv("FLOWDB_TEST_SQLSERVER");
  const auto sqlserver_memory =
      sqlserver != nullptr ? sqlserver_rows_memory(sqlserver) : std::vector<double>{};
  auto db = make_manager(url);
  const Context context{raw.get(), db, url};
  Report report{std::cout, facts_of(raw.get())};
  const auto take = [&](const Workload& workload) { report.add(workload, measure(workload)); };
  take(one_row(context));
  take(threads(context));
  take(transactions(context));
  take(million_rows(context, memory));
  take(json(context));
  take(pool_cycle());
  take(fairness());
  take(bulk_insert(context));
  take(batch(context));
  take(migrations(context, url, 1'000));
  take(migrations(context, url, 10'000));
  if (sqlserver != nullptr) {
    auto sqlserver_db = make_manager(sqlserver, DatabaseType::sqlserver);
    take(sqlserver_rows(sqlserver, sqlserver_db, sqlserver_memory));
    take(sqlserver_cells(sqlserver, sqlserver_db, sqlserver_memory));
  }
  report.save(path);
  report.save_ratios(path + ".ratios");
}

}  // namespace
}  // namespace flowdb::benchmark

int main(int argc, char** argv) try {
  const char* const url = std::getenv("FLOWDB_BENCHMARK_POSTGRES");
  if (argc != 2 || url == nullptr) {
    std::cerr << "usage: FLOWDB_BENCHMARK_POSTGRES=<connection string> "
                 "flowdb_benchmark FILE\n";
    return 2;
  }
  flowdb::benchmark::run(url, argv[1]);
} catch (const std::exception& error) {
  std::cerr << "flowdb_benchmark: " << error.what() << '\n';
  return 1;
}
