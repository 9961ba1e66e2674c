#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <flowdb/database_manager.hpp>

namespace flowdb::testing {

class MockState;

inline namespace v0_1 {

/// Builds a ResultSet by hand: `make_rows({"id", "name"}, {{1, "Ada"}, {2, nullptr}})`. A column's
/// type is that of its values; a column of different types, or of NULL alone, is text.
/// \throws InvalidArgument for no columns, or a row that has not as many values as there are
/// columns.
ResultSet make_rows(const std::vector<std::string>& column_names,
                    const std::vector<std::vector<Value>>& rows);
/// The answer of a statement without rows.
ResultSet make_affected(std::uint64_t affected_rows);

/// One statement that the mock was asked for; of execute_batch() one for each parameter set.
struct Call {
  /// As the flow wrote it; of bulk_insert() `COPY "schema"."table" ("id", "name") FROM STDIN`.
  std::string sql;
  Params params = {};
  std::vector<std::vector<Value>> rows = {};  ///< of bulk_insert()
  bool in_transaction = false;
};

/// What the mock answers to the statements that an expectation matches. Chained:
///     db.when("SELECT 1").fails_with(QueryError{"…"}).times(1);
/// Without an answer a statement gives no rows, a bulk_insert() has taken all of its rows.
/// Within a transaction an error aborts it, as PostgreSQL does: until the rollback, to a savepoint
/// or of all, every statement fails with SQLSTATE 25P02. Thread-safe.
class Expectation {
 public:
  /// The answer; several in a row are given one after another, the last one for ever.
  Expectation& returns(ResultSet rows);
  Expectation& affects(std::uint64_t rows) { return returns(make_affected(rows)); }
  /// Computes the answer from the call; may throw what the database would throw. Called by several
  /// threads at once when the flow's calls are.
  Expectation& answers(std::function<ResultSet(const Call&)> answer);

  /// Throws `error` (any exception type) instead of answering; counts as one answer in a row. Its
  /// facts are the test's to give, for they decide what is tried again:
  ///     fails_with(QueryError{"deadlock", {.sqlstate = "40P01", .transient = true}})
  /// After a ConnectionError, or an unknown outcome, the connection is closed.
  template <class E>
  requires std::derived_from<E, std::exception> Expectation& fails_with(E error) {
    return answers([error = std::move(error)](const Call&) -> ResultSet { throw error; });
  }
  /// The connection breaks: before the statement reaches the server, or after (when it may have
  /// been applied: CommitUnknownError for a write outside a transaction). Counts as one answer.
  Expectation& disconnects_before();
  Expectation& disconnects_after();
  /// Waits before the answer that comes next in the chain; at its end, before the last one. A call
  /// whose deadline comes first gets a TimeoutError. Takes real time.
  Expectation& delayed_by(std::chrono::milliseconds delay);
  /// Used for at most `count` calls; later ones go on to expectations made earlier.
  Expectation& times(int count);

 private:
  friend class MockDatabaseManager;
  Expectation(std::shared_ptr<MockState> state, std::size_t index);
  std::shared_ptr<MockState> state_;
  std::size_t index_;
};

/// A DatabaseManager without a database: the flow under test takes a `DatabaseManager&` and cannot
/// tell. Pool, transactions, retries, deadlines and logging run for real; only the server, one that
/// speaks PostgreSQL's dialect, is scripted. Every mock has a server of its own; nothing is
/// process-wide. Thread-safe. `SELECT 1`, by which health_check() knows that the server answers,
/// and `SELECT pg_notify(:channel, :payload)` are expected from the start; the mock's health knows
/// nothing of migrations.
class MockDatabaseManager : public DatabaseManager {
 public:
  /// Needs and reads no configuration; `options` are those of DatabaseManager (pool sizes,
  /// timeouts, retry; with read_only the mock refuses writes).
  explicit MockDatabaseManager(std::string database_name = "mock", DatabaseOptions options = {});
  MockDatabaseManager(MockDatabaseManager&&) noexcept;
  ~MockDatabaseManager();

  /// Matches statements by their text, white space folded. The latest matching expectation wins.
  Expectation when(std::string_view sql);
  /// Matches by predicate, which may be called by several threads at once.
  Expectation when(std::function<bool(const Call&)> predicate);

  /// An unexpected statement is a QueryError that names its fingerprint (default). Otherwise it
  /// answers no rows.
  void set_strict(bool strict);
  /// The next `count` attempts to open a connection fail.
  void refuse_connections(int count);
  /// The next COMMIT is lost: the flow gets a CommitUnknownError.
  void lose_next_commit();

  /// Somebody notifies a channel: a flow that listens to it, by listen() or
  /// wait_for_notification(), is given it. As on the server, it is lost when nobody listens. What
  /// the flow itself notifies is delivered as well, and is one of the calls.
  void push_notification(const std::string& channel, const std::string& payload = {});
  /// Whether the flow listens to the channel now.
  bool is_listened_to(const std::string& channel) const;
  /// Breaks the connection that listens: it is opened anew, and the flow is given a gap.
  void lose_listeners();

  /// All statements so far, every attempt, in order; transaction control and savepoints left out.
  std::vector<Call> calls() const;
  /// How many of them match the text.
  std::size_t call_count(std::string_view sql) const;
  /// The COMMITs that succeeded.
  std::size_t commits() const;
  /// The transactions that were rolled back; not those whose connection was lost.
  std::size_t rollbacks() const;
  /// Forgets the calls, the commits and the rollbacks; the expectations stay as they are.
  void clear_calls();

 private:
  MockDatabaseManager(std::string database_name, DatabaseOptions options,
                      std::shared_ptr<MockState> state);
  std::shared_ptr<MockState> state_;
};

}  // namespace v0_1
}  // namespace flowdb::testing
