// One row by its key, five columns, all of them read: what a round trip costs.

#include <array>
#include <charconv>
#include <cstdint>
#include <stdexcept>

#include "keys.hpp"
#include "order.hpp"
#include "peers.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

constexpr std::size_t kQueries = 4'000;
constexpr std::uint32_t kRows = 100'000;
void create_table(PGconn* connection) {
  execute(connection, "DROP TABLE IF EXISTS orders_by_key");
  const auto create = std::string{"CREATE TABLE orders_by_key "} + kOrderColumns;
  execute(connection, create.c_str());
  execute(connection,
          "INSERT INTO orders_by_key SELECT i, 'customer ' || i, i * 12.37, "
          "sqrt(i), "
          "date '2000-01-01' + i % 9000 FROM generate_series(1, 100000) i");
  execute(connection, "ALTER TABLE orders_by_key ADD PRIMARY KEY (id)");
  execute(connection, "VACUUM (FREEZE, ANALYZE) orders_by_key");
}

/// The key as a parameter in text.
class KeyText {
 public:
  explicit KeyText(std::int32_t key) {
    *std::to_chars(text_.data(), text_.data() + text_.size() - 1, key).ptr = '\0';
  }
  const char* const* values() const { return &start_; }

 private:
  std::array<char, 12> text_;
  const char* start_ = text_.data();
};

void add_only_row(CellSum& sum, PGresult* raw) {
  const auto result = checked(raw);
  if (PQntuples(result.get()) != 1) {
    throw std::runtime_error("a key has no row");
  }
  add_order(sum, result.get(), 0);
}

CellSum exec_prepared(PGconn* connection) {
  return for_each_key(kQueries, kRows, [connection](std::int32_t key, CellSum& sum) {
    const KeyText text{key};
    add_only_row(sum, PQexecPrepared(connection, "one_row", 1, text.values(), nullptr, nullptr, 0));
  });
}

CellSum exec_params(PGconn* connection) {
  return for_each_key(kQueries, kRows, [connection](std::int32_t key, CellSum& sum) {
    const KeyText text{key};
    add_only_row(sum, PQexecParams(connection, kOrderByNumber, 1, &kKeyType, text.values(), nullptr,
                                   nullptr, 0));
  });
}

CellSum execute_query(DatabaseManager& db) {
  return for_each_key(kQueries, kRows, [&db](std::int32_t key, CellSum& sum) {
    const auto rows = db.execute_query(kOrderByName, {{"id", key}});
    add_order(sum, rows.one());
  });
}

}  // namespace

Workload one_row(Context context) {
  create_table(context.raw);
  checked(PQprepare(context.raw, "one_row", kOrderByNumber, 1, &kKeyType));
  Workload workload{
      .name = "one row by key",
      .unit = "us a query",
      .nanoseconds = 1e3,
      .operations = kQueries,
      .rounds = 15,
      .sides = one_row_peers(context.url, {kOrderByNumber, kOrderByName, kQueries, kRows})};
  const std::initializer_list<Side> own{
      {"libpq PQexecPrepared", [=] { return exec_prepared(context.raw); }},
      {"flowdb execute_query", [=] { return execute_query(context.db); }},
      {"libpq PQexecParams", [=] { return exec_params(context.raw); }}};
  workload.sides.insert(workload.sides.begin(), own);
  return workload;
}

}  // namespace flowdb::benchmark
