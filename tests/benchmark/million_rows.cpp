// A million rows of ten columns, every cell read as its type: what a cell
// costs.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "memory.hpp"
#include "peers.hpp"
#include "text.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

constexpr std::size_t kRows = 1'000'000;
constexpr const char* kSelect =
    "SELECT id, account, weight, amount, customer, "
    "due, created, paid, reference, quantity "
    "FROM million_rows";
constexpr const char* kSelectFew =
    "SELECT id, account, weight, amount, customer, due, created, paid, "
    "reference, quantity "
    "FROM million_rows LIMIT 1000";

void add_row(CellSum& sum, const PGresult* result, int row) {
  sum.add(to_number<std::int32_t>(text_of(result, row, 0)));
  sum.add(to_number<std::int64_t>(text_of(result, row, 1)));
  sum.add_real(to_number<double>(text_of(result, row, 2)));
  sum.add(to_hundredths(text_of(result, row, 3)));
  sum.add_text(text_of(result, row, 4));
  sum.add(to_days(text_of(result, row, 5)));
  sum.add(to_microseconds(text_of(result, row, 6)));
  sum.add(*PQgetvalue(result, row, 7) == 't' ? 1 : 0);
  sum.add_text(text_of(result, row, 8));
  sum.add(to_number<std::int32_t>(text_of(result, row, 9)));
}

void add_row(CellSum& sum, const Row& row) {
  sum.add(row[0].as<std::int32_t>());
  sum.add(row[1].as<std::int64_t>());
  sum.add_real(row[2].as<double>());
  sum.add(row[3].as<Decimal>().to_scaled(2));
  sum.add_text(row[4].as<std::string_view>());
  sum.add(row[5].as<Date>().to_sys_days().time_since_epoch().count());
  sum.add(row[6].as<Timestamp>().since_epoch.count() / 10);
  sum.add(row[7].as<bool>() ? 1 : 0);
  sum.add_text(row[8].as<std::string_view>());
  sum.add(row[9].as<std::int32_t>());
}

CellSum exec(Context context, const char* sql) {
  const auto result = execute(context.raw, sql);
  CellSum sum;
  const int rows = PQntuples(result.get());
  for (int row = 0; row < rows; ++row) {
    add_row(sum, result.get(), row);
  }
  return sum;
}

CellSum single_rows(Context context, const char* sql) {
  require(PQsendQuery(context.raw, sql) == 1 && PQsetSingleRowMode(context.raw) == 1, context.raw);
  CellSum sum;
  while (PGresult* const raw = PQgetResult(context.raw)) {
    const auto result = checked(raw);
    if (PQntuples(raw) == 1) {
      add_row(sum, raw, 0);
    }
  }
  return sum;
}

/// Asks for the next block of a cursor's rows; its answer comes when it is ready.
void send_fetch(PGconn* connection) {
  require(PQsendQueryParams(connection, "FETCH 2000 FROM rows", 0, nullptr, nullptr, nullptr,
                            nullptr, 0) == 1 &&
              PQsendFlushRequest(connection) == 1 && PQflush(connection) >= 0,
          connection);
}

Result next_block(PGconn* connection) {
  auto result = checked(PQgetResult(connection));
  require(PQgetResult(connection) == nullptr, connection);
  return result;
}

/// Blocks of rows, the next one asked for before this one is read. A cursor's query is never
/// carried out in parallel, and is planned for its first rows.
CellSum cursor_blocks(Context context, const char* sql) {
  PGconn* const connection = context.raw;
  execute(connection, "BEGIN");
  execute(connection, (std::string{"DECLARE rows NO SCROLL CURSOR FOR "} + sql).c_str());
  require(PQenterPipelineMode(connection) == 1, connection);
  CellSum sum;
  int rows = 0;
  send_fetch(connection);
  do {
    send_fetch(connection);
    const auto block = next_block(connection);
    rows = PQntuples(block.get());
    for (int row = 0; row < rows; ++row) {
      add_row(sum, block.get(), row);
    }
  } while (rows > 0);
  next_block(connection);
  require(PQpipelineSync(connection) == 1, connection);
  PQclear(PQgetResult(connection));
  require(PQexitPipelineMode(connection) == 1, connection);
  execute(connection, "COMMIT");
  return sum;
}

CellSum execute_query(Context context, const char* sql) {
  const auto rows = context.db.execute_query(sql);
  CellSum sum;
  for (const auto& row : rows) {
    add_row(sum, row);
  }
  return sum;
}

CellSum stream_query(Context context, const char* sql) {
  CellSum sum;
  for (const auto& row : context.db.stream_query(sql)) {
    add_row(sum, row);
  }
  return sum;
}

struct Reading {
  const char* name;
  CellSum (*read)(Context, const char* sql);
};
constexpr std::array kReadings = {
    Reading{"libpq PQexec", exec}, Reading{"libpq single-row mode", single_rows},
    Reading{"libpq cursor, pipelined", cursor_blocks},
    Reading{"flowdb execute_query", execute_query}, Reading{"flowdb stream_query", stream_query}};

}  // namespace

void create_million_rows(PGconn* connection) {
  execute(connection, "DROP TABLE IF EXISTS million_rows");
  execute(connection,
          "CREATE UNLOGGED TABLE million_rows (id int4, account "
          "int8, weight float8, "
          "amount numeric(12,2), customer text, due date, created "
          "timestamp, paid bool, "
          "reference text, quantity int4)");
  execute(connection,
          "INSERT INTO million_rows SELECT i, i * 1000003::int8, sqrt(i), "
          "i % 1000000 * 1.37 - 5000, 'customer ' || i, date '2000-01-01' + i "
          "% 9000, "
          "timestamp '2020-01-01' + i * interval '1.234567 s', i % 3 = 0, "
          "substr(md5(i::text), 1, 12), -i FROM generate_series(1, 1000000) i");
  execute(connection, "VACUUM (FREEZE, ANALYZE) million_rows");
}

std::vector<double> million_rows_memory(const std::string& url) {
  std::vector<double> memory;
  for (const auto& reading : kReadings) {
    Connection raw;
    std::optional<DatabaseManager> db;
    const auto connect_both = [&] {
      raw = connect(url);
      db.emplace(make_manager(url));
      reading.read({raw.get(), *db, url}, kSelectFew);
    };
    memory.push_back(peak_memory_growth(connect_both, [&] {
      reading.read({raw.get(), *db, url}, kSelect);
    }));
  }
  return memory;
}

Workload json(Context context) {
  constexpr const char* kSelectSome =
      "SELECT id, account, weight, amount, customer, due, created, paid, reference, quantity "
      "FROM million_rows LIMIT 100000";
  const auto rows = std::make_shared<const ResultSet>(context.db.execute_query(kSelectSome));
  const auto fetch = [=] {
    execute_query(context, kSelectSome);
    return CellSum{};
  };
  const auto to_json = [=] {
    require(rows->to_json().size() == rows->size(), context.raw);
    return CellSum{};
  };
  return {.name = "100,000 rows of 10 columns",
          .unit = "us a row",
          .nanoseconds = 1e3,
          .operations = 100'000,
          .rounds = 9,
          .sides = {{"flowdb execute_query, every cell read", fetch},
                    {"flowdb to_json() of the rows", to_json}}};
}

Workload million_rows(Context context, const std::vector<double>& memory) {
  Workload workload{.name = "1,000,000 rows of 10 columns, every cell converted",
                    .unit = "us a row, so s in all",
                    .nanoseconds = 1e3,
                    .operations = kRows,
                    .rounds = 7};
  for (std::size_t i = 0; i < kReadings.size(); ++i) {
    workload.sides.push_back(
        {kReadings[i].name, [=] { return kReadings[i].read(context, kSelect); }, memory[i]});
  }
  for (auto& peer : million_rows_peers(context.url, kSelect)) {
    workload.sides.push_back(std::move(peer));
  }
  return workload;
}

}  // namespace flowdb::benchmark
