#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/result_set.hpp>
#include <flowdb/transaction.hpp>
#include <flowdb/value.hpp>

#include "backend/transaction_fate.hpp"
#include "core/deadline.hpp"
#include "sql/statement.hpp"

namespace soci {
class session;
}

namespace flowdb::backend {

/// A statement ready to be sent.
struct Request {
  const sql::ParsedStatement& statement;
  const Params& params;
  /// The time that the caller granted to the whole call; what the server is told to enforce. Zero:
  /// no limit. The deadline given beside it is what the client enforces.
  std::chrono::milliseconds timeout{0};
  bool one_off = false;  ///< not expected again: not worth preparing
};

/// The rows of one statement, block by block.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual const std::vector<Column>& columns() const = 0;
  /// The next rows, at most about 64 KiB of them; an empty set at the end.
  virtual ResultSet next(const Deadline& deadline) = 0;
};

enum class ConnectionState {
  idle,                ///< nothing is under way; ready for the next statement
  in_transaction,      ///< in a transaction that is well
  failed_transaction,  ///< in a transaction that can only be rolled back
  busy,                ///< an answer has not been read to its end
  broken,              ///< lost, or in a state that cannot be proven: to be closed
};

/// A connection to one server: the seam between what is common to all databases and what is not.
/// Not thread-safe. Every call ends by its deadline (and a grace of at most 200 ms in which the
/// server may answer a cancellation); none throws anything but the classes of error.hpp. After a
/// failure state() says whether the connection may be used again. What the server's monitoring
/// calls the session follows the calling thread's RunContext.
class Connection {
 public:
  virtual ~Connection() = default;  ///< closes; does not wait for the server

  virtual ResultSet execute(const Request& request, const Deadline& deadline) = 0;
  /// The cursor must be destroyed before the next call; one that was not read to its end leaves the
  /// connection busy or broken.
  virtual std::unique_ptr<Cursor> open_cursor(const Request& request, const Deadline& deadline) = 0;
  /// One statement, many parameter sets, in order, within a transaction that the caller has begun;
  /// the sum of the affected rows.
  virtual std::uint64_t execute_batch(const sql::ParsedStatement& statement,
                                      const std::vector<Params>& params,
                                      const Deadline& deadline) = 0;
  virtual std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                                    const std::vector<std::vector<Value>>& rows,
                                    const Deadline& deadline) = 0;
  /// Statements without parameters or rows, one or many, as one message: a migration script, a
  /// savepoint. An error's statement_position counts from the start of `text`.
  virtual void run_script(std::string_view text, const Deadline& deadline) = 0;
  /// A COPY … FROM STDIN of a script with the lines that follow it there, sent as they are. A
  /// server that knows no such statement refuses it.
  virtual void run_copy(std::string_view statement, std::string_view /*data*/,
                        const Deadline& deadline) {
    run_script(statement, deadline);
  }

  virtual void begin(const TransactionOptions& options, std::chrono::milliseconds timeout,
                     const Deadline& deadline) = 0;
  /// \throws TransactionError when the server answered that it rolled back; CommitUnknownError when
  /// the answer was lost; TimeoutError with outcome_unknown when it did not come in time.
  virtual void commit(const Deadline& deadline) = 0;
  /// After commit() has thrown CommitUnknownError: by what another connection can ask what became
  /// of the transaction. Nothing when it cannot.
  virtual std::optional<TransactionTrace> trace_of_commit() const { return std::nullopt; }
  /// Asks what became of another connection's transaction; a trace of the same backend's. `end_it`:
  /// a session that still has it open, and waits for its client, is ended.
  /// \throws like execute().
  virtual Fate fate_of(const TransactionTrace& /*trace*/, bool /*end_it*/,
                       const Deadline& /*deadline*/) {
    return Fate::unknown;
  }
  /// \throws like execute(); the connection is then broken.
  virtual void rollback(const Deadline& deadline) = 0;

  /// Savepoints within the transaction under way; `name` is a plain identifier. Rolled
  /// back to one, a transaction that had failed is well again.
  /// \throws like execute(); the transaction has then failed.
  virtual void set_savepoint(const std::string& name, const Deadline& deadline) {
    run_script("SAVEPOINT " + name, deadline);
  }
  virtual void release_savepoint(const std::string& name, const Deadline& deadline) {
    run_script("RELEASE SAVEPOINT " + name, deadline);
  }
  /// Releases it as well: a loop of failing savepoints must not pile them up on the server.
  virtual void roll_back_to_savepoint(const std::string& name, const Deadline& deadline) {
    run_script("ROLLBACK TO SAVEPOINT " + name + "; RELEASE SAVEPOINT " + name, deadline);
  }

  /// The flow on whose behalf the next calls are made: what the server's monitoring calls the
  /// session where there is no RunContext. A backend that says so when it connects needs none.
  virtual void set_flow_name(const std::string& /*flow_name*/) {}

  virtual ConnectionState state() const noexcept = 0;
  /// The server or the network ended it (rather than this side giving it up).
  virtual bool is_lost() const noexcept = 0;
  /// It leads to a server that is not the one asked for: the primary, which has become a standby; a
  /// replica that has become a primary, or lags by too much.
  virtual bool is_misplaced() const noexcept { return false; }
  /// A look at the socket, without a round trip: nothing has arrived, and it has not been closed.
  virtual bool seems_alive() noexcept = 0;
  /// A round trip.
  virtual bool ping(const Deadline& deadline) noexcept = 0;
  /// The caller did something with the session that flowdb did not see: reset() must be thorough.
  virtual void mark_session_touched() noexcept = 0;
  /// It is idle, and reset() would do nothing: a quick look, without a round trip. False means that
  /// reset() has to say.
  virtual bool is_clean() noexcept { return false; }
  /// Makes the session as it was after connecting; no round trip when nothing was touched. False:
  /// not proven, close it.
  virtual bool reset(const Deadline& deadline) noexcept = 0;
  /// Asks the server to stop what it is doing for this session and waits until it has: true when
  /// the server has confirmed that nothing of it is left running. For connections given up on;
  /// called from a thread of its own.
  virtual bool abandon(const Deadline& deadline) noexcept = 0;

  /// Between this side and the server stands a pooler: the next transaction may find another
  /// session of the server's.
  virtual bool is_behind_pooler() const noexcept { return false; }
  /// nullptr when this backend does not work through SOCI.
  virtual soci::session* soci_session() noexcept { return nullptr; }
};

}  // namespace flowdb::backend
