// 100,000 rows of ten columns from a server that speaks T-SQL: flowdb beside a plain ODBC program
// with bound blocks, on the same driver.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "backend/sqlserver/odbc.hpp"
#include "backend/sqlserver/odbc_connection_string.hpp"
#include "memory.hpp"
#include "text.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

constexpr std::size_t kRows = 100'000;
constexpr std::size_t kRowsPerBlock = 128;
const std::string kSelect =
    "SELECT id, account, weight, amount, customer, due, created, paid, reference, quantity FROM "
    "flowdb_benchmark_rows";

/// One statement handle on a connection of the driver's own.
class PlainOdbc {
 public:
  explicit PlainOdbc(const std::string& url) {
    const auto target = config::parse_sqlserver("benchmark", Secret{url}, true);
    const auto driver = backend::sqlserver::find_driver("benchmark", target);
    auto text = backend::sqlserver::to_odbc_text("benchmark", target, driver, {}).reveal();
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
    SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION, backend::sqlserver::as_pointer(SQL_OV_ODBC3),
                  0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment_, &connection_);
    require(SQLDriverConnect(connection_, nullptr, reinterpret_cast<SQLCHAR*>(text.data()),
                             static_cast<SQLSMALLINT>(text.size()), nullptr, 0, nullptr,
                             SQL_DRIVER_NOPROMPT));
    SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_);
  }
  PlainOdbc(const PlainOdbc&) = delete;
  PlainOdbc& operator=(const PlainOdbc&) = delete;
  ~PlainOdbc() {
    SQLFreeHandle(SQL_HANDLE_STMT, statement_);
    SQLDisconnect(connection_);
    SQLFreeHandle(SQL_HANDLE_DBC, connection_);
    SQLFreeHandle(SQL_HANDLE_ENV, environment_);
  }

  static void require(SQLRETURN result) {
    if (!SQL_SUCCEEDED(result)) {
      throw std::runtime_error("the plain ODBC program failed");
    }
  }
  SQLHSTMT statement() const { return statement_; }

 private:
  SQLHENV environment_ = SQL_NULL_HENV;
  SQLHDBC connection_ = SQL_NULL_HDBC;
  SQLHSTMT statement_ = SQL_NULL_HSTMT;
};

/// A bound column: as many values as a block has rows.
template <class T>
struct Bound {
  std::array<T, kRowsPerBlock> values;
  std::array<SQLLEN, kRowsPerBlock> lengths;

  void bind(SQLHSTMT statement, SQLUSMALLINT number, SQLSMALLINT type) {
    PlainOdbc::require(
        SQLBindCol(statement, number, type, values.data(), sizeof(T), lengths.data()));
  }
};
using Text = std::array<char, 256>;

struct Block {
  Bound<SQLINTEGER> id;
  Bound<SQLBIGINT> account;
  Bound<SQLDOUBLE> weight;
  Bound<std::array<char, 32>> amount;
  Bound<Text> customer;
  Bound<SQL_DATE_STRUCT> due;
  Bound<SQL_TIMESTAMP_STRUCT> created;
  Bound<SQLCHAR> paid;
  Bound<Text> reference;
  Bound<SQLINTEGER> quantity;

  void bind(SQLHSTMT statement) {
    id.bind(statement, 1, SQL_C_SLONG);
    account.bind(statement, 2, SQL_C_SBIGINT);
    weight.bind(statement, 3, SQL_C_DOUBLE);
    amount.bind(statement, 4, SQL_C_CHAR);
    customer.bind(statement, 5, SQL_C_CHAR);
    due.bind(statement, 6, SQL_C_TYPE_DATE);
    created.bind(statement, 7, SQL_C_TYPE_TIMESTAMP);
    paid.bind(statement, 8, SQL_C_BIT);
    reference.bind(statement, 9, SQL_C_CHAR);
    quantity.bind(statement, 10, SQL_C_SLONG);
  }
};

template <class T>
std::string_view text_at(const Bound<T>& column, std::size_t row) {
  return {column.values[row].data(), static_cast<std::size_t>(column.lengths[row])};
}

/// Which cells a side looks at: all have arrived when the first is read.
enum class Cells { three, all };

void add_row(CellSum& sum, const Block& block, std::size_t row, Cells cells) {
  using namespace std::chrono;
  if (cells == Cells::three) {
    sum.add(block.id.values[row]);
    sum.add_text(text_at(block.customer, row));
    sum.add_text(text_at(block.reference, row));
    return;
  }
  const auto& day = block.due.values[row];
  const auto& time = block.created.values[row];
  const auto days_of = [](const auto& date) {
    return sys_days{year{date.year} / date.month / date.day};
  };
  sum.add(block.id.values[row]);
  sum.add(block.account.values[row]);
  sum.add_real(block.weight.values[row]);
  sum.add(to_hundredths(text_at(block.amount, row)));
  sum.add_text(text_at(block.customer, row));
  sum.add(days_of(day).time_since_epoch().count());
  sum.add(duration_cast<microseconds>(days_of(time).time_since_epoch() + hours{time.hour} +
                                      minutes{time.minute} + seconds{time.second})
              .count() +
          time.fraction / 1000);
  sum.add(block.paid.values[row]);
  sum.add_text(text_at(block.reference, row));
  sum.add(block.quantity.values[row]);
}

void add_row(CellSum& sum, const Row& row, Cells cells) {
  if (cells == Cells::three) {
    sum.add(row[0].as<std::int32_t>());
    sum.add_text(row[4].as<std::string_view>());
    sum.add_text(row[8].as<std::string_view>());
    return;
  }
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

/// `keeps`: every block stays until the end, as for a program that wants all rows at hand.
CellSum plain(const PlainOdbc& odbc, const std::string& sql, Cells cells, bool keeps) {
  const auto statement = odbc.statement();
  std::vector<std::unique_ptr<Block>> kept;
  const auto bind_new_block = [&] {
    kept.push_back(std::make_unique_for_overwrite<Block>());
    kept.back()->bind(statement);
  };
  SQLULEN fetched = 0;
  SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, backend::sqlserver::as_pointer(kRowsPerBlock),
                 0);
  SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  bind_new_block();
  auto text = sql;
  PlainOdbc::require(SQLExecDirect(statement, reinterpret_cast<SQLCHAR*>(text.data()), SQL_NTS));
  CellSum sum;
  while (SQL_SUCCEEDED(SQLFetch(statement))) {
    for (std::size_t row = 0; row < fetched; ++row) {
      add_row(sum, *kept.back(), row, cells);
    }
    if (keeps) bind_new_block();
  }
  SQLFreeStmt(statement, SQL_CLOSE);
  SQLFreeStmt(statement, SQL_UNBIND);
  return sum;
}

CellSum execute_query(DatabaseManager& db, const std::string& sql, Cells cells) {
  const auto rows = db.execute_query(sql);
  CellSum sum;
  for (const auto& row : rows) {
    add_row(sum, row, cells);
  }
  return sum;
}

CellSum stream_query(DatabaseManager& db, const std::string& sql, Cells cells) {
  CellSum sum;
  for (const auto& row : db.stream_query(sql)) {
    add_row(sum, row, cells);
  }
  return sum;
}

void create_rows(DatabaseManager db) {
  try {
    db.execute_query("DROP TABLE flowdb_benchmark_rows");
  } catch (const QueryError&) {
    // There was none.
  }
  db.execute_query(
      "CREATE TABLE flowdb_benchmark_rows (id int, account bigint, weight float, amount "
      "decimal(12, 2), customer nvarchar(60), due date, created datetime2(6), paid bit, reference "
      "varchar(40), quantity int)");
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < static_cast<int>(kRows); ++i) {
    const auto day = std::chrono::sys_days{std::chrono::days{11'000 + i % 9000}};
    rows.push_back({i, std::int64_t{i} * 1'000'003, i / 7.0,
                    Decimal::from_scaled(std::int64_t{i} * 137 - 500'000, 2),
                    "customer " + std::to_string(i), Date{day},
                    Timestamp{Ticks{std::int64_t{i} * 12'345'670 + 15'778'368'000'000'000}},
                    i % 3 == 0, "reference " + std::to_string(i * 17 % 9973), -i});
  }
  db.bulk_insert("flowdb_benchmark_rows",
                 {"id", "account", "weight", "amount", "customer", "due", "created", "paid",
                  "reference", "quantity"},
                 rows);
}

}  // namespace

std::vector<double> sqlserver_rows_memory(const std::string& url) {
  // In a process of its own: a manager leaves threads behind.
  peak_memory_growth([&] { create_rows(make_manager(url, DatabaseType::sqlserver)); }, [] {});
  const auto few = kSelect + " WHERE id < 1000";
  std::vector<double> memory;
  for (const bool keeps : {false, true}) {
    std::optional<PlainOdbc> odbc;
    memory.push_back(peak_memory_growth([&] { plain(odbc.emplace(url), few, Cells::all, keeps); },
                                        [&] { plain(*odbc, kSelect, Cells::all, keeps); }));
  }
  for (const auto read : {execute_query, stream_query}) {
    std::optional<DatabaseManager> db;
    memory.push_back(peak_memory_growth(
        [&] { read(db.emplace(make_manager(url, DatabaseType::sqlserver)), few, Cells::all); },
        [&] { read(*db, kSelect, Cells::all); }));
  }
  return memory;
}

namespace {

Workload rows_workload(const std::string& name, const std::string& url, DatabaseManager& db,
                       const std::vector<double>& memory, Cells cells) {
  Workload workload{
      .name = name, .unit = "us a row", .nanoseconds = 1e3, .operations = kRows, .rounds = 9};
  const auto odbc = std::make_shared<PlainOdbc>(url);
  const auto add = [&](const std::string& side, const std::function<CellSum()>& run) {
    workload.sides.push_back({side, run, memory[workload.sides.size()]});
  };
  add("ODBC, bound blocks", [=] { return plain(*odbc, kSelect, cells, false); });
  add("... which it keeps", [=] { return plain(*odbc, kSelect, cells, true); });
  add("flowdb execute_query", [=, &db] { return execute_query(db, kSelect, cells); });
  add("flowdb stream_query", [=, &db] { return stream_query(db, kSelect, cells); });
  return workload;
}

}  // namespace

Workload sqlserver_rows(const std::string& url, DatabaseManager& db,
                        const std::vector<double>& memory) {
  return rows_workload("SQL Server: 100,000 rows of 10 columns, three cells of each looked at", url,
                       db, memory, Cells::three);
}

Workload sqlserver_cells(const std::string& url, DatabaseManager& db,
                         const std::vector<double>& memory) {
  return rows_workload("SQL Server: 100,000 rows of 10 columns, every cell converted", url, db,
                       memory, Cells::all);
}

}  // namespace flowdb::benchmark
