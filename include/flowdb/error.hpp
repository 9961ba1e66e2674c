#pragma once

#include <memory>
#include <stdexcept>
#include <string>

namespace flowdb {
inline namespace v0_1 {

struct PoolExhaustion;

/// How far a statement had come when it failed; decides what may be run again.
enum class Phase {
  not_sent,    ///< nothing of the statement can have reached the server
  sent,        ///< the server may have seen it, and may have carried it out
  committing,  ///< a COMMIT was on its way
};

/// The facts of a failure. Texts here never hold a value, a password or a connection string.
struct ErrorFacts {
  std::string database_name = {};
  std::string sqlstate = {};     ///< five characters; empty when the server sent none
  int native_code = 0;           ///< SQL Server's error number; 0 for PostgreSQL
  bool transient = false;        ///< the same call may succeed later
  bool outcome_unknown = false;  ///< the server may or may not have applied the change
  Phase phase = Phase::not_sent;
  std::string constraint = {};      ///< the violated constraint, for a ConstraintError
  int statement_position = 0;       ///< 1-based character in the statement sent; 0: not known
  std::string hint = {};            ///< the server's hint, cleaned of values
  std::string context = {};         ///< where in a function or DO body, cleaned of values
  std::string server_message = {};  ///< the server's own sentence, cleaned of values
  std::string table = {};           ///< whose row or constraint it is about, if the server says so
};

/// What every exception of flowdb can be asked, whatever its class.
class FailureFacts {
 public:
  explicit FailureFacts(ErrorFacts facts);
  virtual ~FailureFacts() = default;

  const std::string& database_name() const noexcept { return facts_->database_name; }
  const std::string& sqlstate() const noexcept { return facts_->sqlstate; }
  int native_code() const noexcept { return facts_->native_code; }
  bool is_transient() const noexcept { return facts_->transient; }
  bool is_outcome_unknown() const noexcept { return facts_->outcome_unknown; }
  Phase phase() const noexcept { return facts_->phase; }
  const ErrorFacts& facts() const noexcept { return *facts_; }

 private:
  std::shared_ptr<const ErrorFacts> facts_;  // shared: copying an exception must not throw
};

/// The root of all that goes wrong at run time. Misuse of the API is InvalidArgument instead.
class Error : public std::runtime_error, public FailureFacts {
 public:
  explicit Error(const std::string& message, ErrorFacts facts = {});
};

/// A setting is missing, malformed or contradicts another; the message names the variable to set.
class ConfigurationError : public Error {
 public:
  using Error::Error;
};

/// No connection could be made, or one was lost. After several failures in a row no further call
/// tries: the message then says since when, what the last failure was, and when the next attempt is
/// due.
class ConnectionError : public Error {
 public:
  using Error::Error;
};

/// The server refused the user or the password.
class AuthenticationError : public ConnectionError {
 public:
  using ConnectionError::ConnectionError;
};

/// No connection of the pool became free within the acquire timeout. The message names the likely
/// cause and the holders.
class PoolTimeoutError : public ConnectionError {
 public:
  using ConnectionError::ConnectionError;
  PoolTimeoutError(const std::string& message, ErrorFacts facts,
                   std::shared_ptr<const PoolExhaustion> exhaustion);
  /// The same as data (<flowdb/reports.hpp>).
  const PoolExhaustion& exhaustion() const noexcept;

 private:
  std::shared_ptr<const PoolExhaustion> exhaustion_;
};

/// The server refused a statement.
class QueryError : public Error {
 public:
  using Error::Error;
};

/// A unique, foreign key, check, exclusion or not-null constraint was violated.
class ConstraintError : public QueryError {
 public:
  using QueryError::QueryError;
  /// The constraint's name; for a not-null violation the column's.
  const std::string& constraint_name() const noexcept { return facts().constraint; }
};

/// The call's deadline passed. `is_outcome_unknown()` when the server has not said what it did.
class TimeoutError : public Error {
 public:
  using Error::Error;
};

/// A transaction failed as a whole: everything in it was rolled back. The statement's own error is
/// nested (std::rethrow_if_nested).
class TransactionError : public Error {
 public:
  TransactionError(const std::string& message, int statement_index, ErrorFacts facts = {});
  /// 0-based index of the statement that failed; -1 when it was none of them (COMMIT, for example).
  int statement_index() const noexcept { return statement_index_; }

 private:
  int statement_index_;
};

/// The answer to a COMMIT, or to a write outside a transaction, was lost: it was applied or it was
/// not, and no server could be asked which. Never retried by flowdb, unless the call was declared
/// idempotent; look at the data before running it again.
class CommitUnknownError : public Error {
 public:
  using Error::Error;
};

/// A migration could not be validated or applied.
class MigrationError : public Error {
 public:
  explicit MigrationError(const std::string& message, ErrorFacts facts = {},
                          std::string script = {}, int line = 0, int column = 0);
  /// The script's file name; empty when the failure is not about one script.
  const std::string& script() const noexcept { return *script_; }
  int line() const noexcept { return line_; }      ///< 1-based; 0: not known
  int column() const noexcept { return column_; }  ///< 1-based, in characters; 0: not known

 private:
  std::shared_ptr<const std::string> script_;
  int line_;
  int column_;
};

/// The call itself is wrong: an empty statement, an unknown parameter, a wrong type, an index past
/// the end. Nothing was sent.
class InvalidArgument : public std::invalid_argument, public FailureFacts {
 public:
  explicit InvalidArgument(const std::string& message, ErrorFacts facts = {});
};

}  // namespace v0_1
}  // namespace flowdb
