#pragma once

#include <flowdb/database_manager.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace flowdb::testing {

/// Builds a ResultSet by hand: `make_rows({"id", "name"}, {{1, "Ada"}, {2, nullptr}})`. A column's
/// type is that of its values; a column of different types, or of NULL alone, is text.
ResultSet make_rows(const std::vector<std::string>& column_names,
                    const std::vector<std::vector<Value>>& rows);
/// The answer of a statement without rows.
ResultSet make_affected(std::uint64_t affected_rows);

/// One statement that reached the mock.
struct Call {
  std::string sql;   ///< as the flow wrote it
  Params params;
  bool in_transaction = false;
};

struct MockState;

/// What the mock answers to the statements that an expectation matches. Chained:
///     db.when("SELECT 1").fails_with(QueryError{"…"}).times(1);
class Expectation {
 public:
  /// The answer; several in a row are given one after another, the last one for ever.
  Expectation& returns(ResultSet rows);
  Expectation& affects(std::uint64_t rows) { return returns(make_affected(rows)); }
  /// Computes the answer from the call; may throw what the database would throw.
  Expectation& answers(std::function<ResultSet(const Call&)> answer);

  /// Throws `error` (any exception type) instead of answering; counts as one answer in a row.
  template <class E>
    requires std::derived_from<E, std::exception>
  Expectation& fails_with(E error) {
    return answers([error = std::move(error)](const Call&) -> ResultSet { throw error; });
  }
  /// The connection breaks: before the statement reaches the server, or after (when it may have
  /// been applied).
  Expectation& disconnects_before();
  Expectation& disconnects_after();
  /// Waits before the next answer; a call whose deadline comes first gets a TimeoutError. Takes
  /// real time.
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
/// tell. Pool, transactions, retries, deadlines and logging run for real; only the server is
/// scripted. Every mock has a server of its own; nothing is process-wide. Thread-safe.
class MockDatabaseManager : public DatabaseManager {
 public:
  /// Needs no configuration; `options` are those of DatabaseManager (pool sizes, timeouts, retry).
  explicit MockDatabaseManager(std::string database_name = "mock", DatabaseOptions options = {});
  MockDatabaseManager(MockDatabaseManager&&) noexcept;
  ~MockDatabaseManager();

  /// Matches statements by their text, white space folded. The latest matching expectation wins.
  Expectation when(std::string_view sql);
  /// Matches by predicate.
  Expectation when(std::function<bool(const Call&)> predicate);

  /// An unexpected statement is a QueryError that names its fingerprint (default). Otherwise it
  /// answers no rows.
  void set_strict(bool strict);
  /// The next `count` attempts to open a connection fail.
  void refuse_connections(int count);
  /// The next COMMIT is lost: the flow gets a CommitUnknownError.
  void lose_next_commit();

  /// All statements so far, in order, transaction control left out.
  std::vector<Call> calls() const;
  /// How many of them match the text.
  std::size_t call_count(std::string_view sql) const;
  std::size_t commits() const;
  std::size_t rollbacks() const;
  void clear_calls();

 private:
  MockDatabaseManager(std::string database_name, DatabaseOptions options,
                      std::shared_ptr<MockState> state);
  std::shared_ptr<MockState> state_;
};

}  // namespace flowdb::testing
