// A transaction of three statements: who sends more than its five messages pays for it.

#include "libpq.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

constexpr std::size_t kTransactions = 1'000;

void create_table(PGconn* connection) {
  execute(connection, "DROP TABLE IF EXISTS accounts");
  execute(connection, "CREATE UNLOGGED TABLE accounts (id int4 PRIMARY KEY, cents int8)");
  execute(connection, "INSERT INTO accounts VALUES (1, 0), (2, 0)");
}

void call(PGconn* connection, const char* statement) {
  checked(PQexecPrepared(connection, statement, 0, nullptr, nullptr, nullptr, 0));
}

CellSum with_libpq(PGconn* connection) {
  CellSum sum;
  for (std::size_t i = 0; i < kTransactions; ++i) {
    execute(connection, "BEGIN");
    call(connection, "take");
    call(connection, "give");
    const auto result =
        checked(PQexecPrepared(connection, "total", 0, nullptr, nullptr, nullptr, 0));
    sum.add(*PQgetvalue(result.get(), 0, 0) - '0');
    execute(connection, "COMMIT");
  }
  return sum;
}

CellSum with_flowdb(DatabaseManager& db) {
  CellSum sum;
  for (std::size_t i = 0; i < kTransactions; ++i) {
    db.transaction([&](Transaction& tx) {
      tx.execute_query("UPDATE accounts SET cents = cents - 1 WHERE id = 1");
      tx.execute_query("UPDATE accounts SET cents = cents + 1 WHERE id = 2");
      sum.add(tx.execute_query("SELECT sum(cents)::int8 FROM accounts").scalar<std::int64_t>());
    });
  }
  return sum;
}

}  // namespace

Workload transactions(Context context) {
  create_table(context.raw);
  checked(PQprepare(context.raw, "take", "UPDATE accounts SET cents = cents - 1 WHERE id = 1", 0,
                    nullptr));
  checked(PQprepare(context.raw, "give", "UPDATE accounts SET cents = cents + 1 WHERE id = 2", 0,
                    nullptr));
  checked(PQprepare(context.raw, "total", "SELECT sum(cents)::int8 FROM accounts", 0, nullptr));
  return {.name = "a transaction of three statements",
          .unit = "us a transaction",
          .nanoseconds = 1e3,
          .operations = kTransactions,
          .rounds = 15,
          .sides = {{"libpq, five messages", [=] { return with_libpq(context.raw); }},
                    {"flowdb transaction", [=] { return with_flowdb(context.db); }}},
          .before = [=] { execute(context.raw, "VACUUM accounts"); }};
}

}  // namespace flowdb::benchmark
