#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "backend/connection.hpp"
#include "sql/script.hpp"

namespace flowdb::migration {

/// What looking at the database says about a statement that may have been carried out.
struct Inspection {
  enum class Outcome {
    not_done,  ///< what it makes is not there, or what it takes away still is
    done,
    repeatable,  ///< nothing shows, but running it again does no harm
    unknown,     ///< only a person can tell
    broken,      ///< it was begun, and what it has left must be removed first: see `advice`
  };
  Outcome outcome = Outcome::unknown;
  std::string advice = {};  ///< what to look at, or what to do
};

/// How one kind of server runs statements that it refuses within a transaction.
class NonTransactional {
 public:
  virtual ~NonTransactional() = default;

  /// Asks once for the lock of the session, which excludes the lock of transactions.
  virtual bool try_lock(backend::Connection& connection, std::string_view history_table) const = 0;
  virtual void unlock(backend::Connection& connection, std::string_view history_table) const = 0;
  /// CREATE TABLE IF NOT EXISTS for what was done of a script; under the lock.
  virtual std::string progress_definition(const std::string& table) const = 0;
  virtual const char* table_question() const = 0;  ///< whether there is a table `:name`
  /// A statement that sets the session up for others, and is run whenever the script goes on.
  virtual bool is_of_session(std::string_view script,
                             const sql::ScriptStatement& statement) const = 0;
  virtual Inspection inspect(backend::Connection& connection, std::string_view script,
                             const sql::ScriptStatement& statement) const = 0;
  /// What a failed statement may have left: lines for the error's text, each with its remedy.
  virtual std::vector<std::string> leftovers(backend::Connection& connection) const = 0;
  /// Behind a pooler in transaction mode the lock would stay with a server's session that others
  /// use.
  virtual std::string pooler_advice(const std::string& database_name) const = 0;
};

}  // namespace flowdb::migration
