#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/tds_server/postgres/link.hpp"
#include "support/tds_server/protocol/response.hpp"
#include "support/tds_server/session/session_state.hpp"

namespace flowdb::tds_server {

/// T-SQL's transactions on PostgreSQL's: counted, named, and alive after a statement that failed,
/// for which each statement within one runs behind a savepoint. For one thread.
class Transactions {
 public:
  Transactions(PostgresLink& link, const SessionSettings& settings)
      : link_{&link}, settings_{&settings} {}

  int count() const { return count_; }
  /// It was begun with isolation level SNAPSHOT.
  bool is_snapshot() const { return count_ > 0 && snapshot_; }
  /// It can only be read in, and rolled back as a whole (XACT_STATE() is -1).
  bool is_doomed() const { return doomed_; }
  void doom() { doomed_ = count_ > 0; }

  /// These say to the client what became of the transaction (ENVCHANGE, MS-TDS 2.2.7.8). Throw
  /// SqlError 3902, 3903, 6401, and 3930, 3931 in a doomed one.
  void begin(const std::string& name, Response& response);
  void commit(Response& response);
  void rollback(const std::string& name, Response& response);
  void save(const std::string& name);
  /// Rolls back what is open, however deep.
  void abandon(Response& response);

  /// Throws SqlError 3930 when it is doomed.
  void refuse_write() const;

  /// Runs `statement` so that its failure leaves the transaction as it was before.
  void guarded(const std::function<void()>& statement);
  /// Within guarded(): takes back what the statement did so far, for another attempt.
  void restart_statement();

 private:
  void refuse_savepoint() const;
  void finish(EnvironmentChange how, Response& response);
  std::string descriptor() const;

  PostgresLink* link_;
  const SessionSettings* settings_;
  int count_ = 0;
  bool snapshot_ = false;
  bool doomed_ = false;
  std::uint64_t number_ = 0;
  std::string name_;
  std::vector<std::string> saved_;
};

}  // namespace flowdb::tds_server
