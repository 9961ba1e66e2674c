// One hot path, a number of times: what valgrind counts the instructions of.
//
//   flowdb_hot_paths PATH TIMES
//
// `one_row` needs a server, which FLOWDB_BENCHMARK_POSTGRES names.

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <libpq-fe.h>

#include <flowdb/config.hpp>
#include <flowdb/database_manager.hpp>

#include "backend/postgresql/column_types.hpp"
#include "backend/postgresql/row_reader.hpp"
#include "pool/pool.hpp"
#include "sql/statement_cache.hpp"
#include "testing/mock_backend.hpp"

namespace flowdb::benchmark {
namespace {

void pool_cycle(int times) {
  config::Settings settings;
  auto backend =
      std::make_unique<testing::MockBackend>(std::make_shared<testing::MockState>(), settings);
  pool::Pool pool{"benchmark", settings.pool, std::move(backend)};
  const auto deadline = Deadline::after(std::chrono::hours{1});
  for (int i = 0; i < times; ++i) {
    pool.acquire({.deadline = deadline}).give_back();
  }
}

constexpr std::string_view kSql =
    "SELECT id, customer, amount, weight, due FROM orders WHERE id = :id AND due > :since";

void parse_statement(int times) {
  for (int i = 0; i < times; ++i) {
    const sql::ParsedStatement statement{std::string{kSql}, sql::postgresql_dialect()};
  }
}

void find_statement(int times) {
  sql::StatementCache cache{sql::postgresql_dialect()};
  for (int i = 0; i < times; ++i) {
    cache.get(kSql);
  }
}

struct ResultDeleter {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultDeleter>;

/// A row of five columns in text, as libpq hands it over.
Result make_row() {
  constexpr std::array<Oid, 5> kTypes = {23, 25, 1700, 701, 1082};
  const std::array<std::string, 5> values = {"4711", "customer 4711", "58281.42", "68.6367",
                                             "2012-11-23"};
  Result result{PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK)};
  std::array<PGresAttDesc, 5> columns{};
  std::array<std::string, 5> names = {"id", "customer", "amount", "weight", "due"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i] = {names[i].data(), 0, 0, 0, kTypes[i], 0, 0};
  }
  PQsetResultAttrs(result.get(), static_cast<int>(columns.size()), columns.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string value = values[i];
    PQsetvalue(result.get(), 0, static_cast<int>(i), value.data(), static_cast<int>(value.size()));
  }
  return result;
}

ResultSet keep_rows(int times) {
  const auto row = make_row();
  const auto columns = backend::postgresql::columns_of(row.get());
  backend::postgresql::RowReader reader{row.get(), columns};
  result::TableBuilder table{columns, reader.encoding()};
  for (int i = 0; i < times; ++i) {
    reader.append(row.get(), table);
  }
  return table.finish(0);
}

void read_cells(int times) {
  const auto rows = keep_rows(1);
  std::int64_t sum = 0;
  for (int i = 0; i < times; ++i) {
    for (const auto& row : rows) {
      sum += row[0].as<std::int32_t>() + row[2].as<Decimal>().to_scaled(2);
      sum += static_cast<std::int64_t>(row[1].as<std::string_view>().size());
      sum += static_cast<std::int64_t>(row[3].as<double>());
      sum += row[4].as<Date>().to_sys_days().time_since_epoch().count();
    }
  }
  if (sum == 0) {
    throw std::runtime_error("the cells were not read");
  }
}

void one_row(int times) {
  const char* const url = std::getenv("FLOWDB_BENCHMARK_POSTGRES");
  if (url == nullptr) {
    throw std::runtime_error("FLOWDB_BENCHMARK_POSTGRES is not set");
  }
  DatabaseOptions options;
  options.connection_string = url;
  options.allow_plaintext = true;
  options.timeout = std::chrono::minutes{10};
  options.slow_statement = std::chrono::milliseconds{0};
  DatabaseManager db{"benchmark", ConfigManager{}, options};
  for (int i = 0; i < times; ++i) {
    db.execute_query("SELECT :id::int, 'customer', 12.5::numeric, 0.5::float8, date '2024-02-29'",
                     {{"id", i}});
  }
}

const std::map<std::string_view, std::function<void(int)>> paths = {
    {"pool_cycle", pool_cycle},         {"parse_statement", parse_statement},
    {"find_statement", find_statement}, {"keep_row", [](int times) { keep_rows(times); }},
    {"read_row", read_cells},           {"one_row", one_row}};

}  // namespace
}  // namespace flowdb::benchmark

int main(int argc, char** argv) try {
  using flowdb::benchmark::paths;
  const auto path = argc == 3 ? paths.find(argv[1]) : paths.end();
  if (path == paths.end()) {
    std::cerr << "usage: flowdb_hot_paths PATH TIMES, where PATH is one of:";
    for (const auto& [name, run] : paths) {
      std::cerr << ' ' << name;
    }
    std::cerr << '\n';
    return 2;
  }
  path->second(std::atoi(argv[2]));
} catch (const std::exception& error) {
  std::cerr << "flowdb_hot_paths: " << error.what() << '\n';
  return 1;
}
