#pragma once

#include <optional>

#include <libpq-fe.h>

#include "backend/transaction_fate.hpp"

namespace flowdb::backend::postgresql {

/// What a connection knows of its transaction's id. The server assigns one with the first write,
/// and it must be known before COMMIT is sent, since its answer would be lost together with
/// COMMIT's. So it is asked for behind each statement, in the same flush and at no round trip,
/// until it is there.
class TransactionWatch {
 public:
  /// For a session that is new. `may_ask`: what the session says to can_ask_for_fate().
  /// `behind_pooler`: each transaction may find another server.
  void reset(bool may_ask, bool behind_pooler);
  void begin(bool read_only);

  /// Whether to ask behind the next statement of the transaction.
  bool wants_id() const noexcept { return may_ask_ && !read_only_ && trace_.number == 0; }
  /// A statement of one row. `assigning`: what comes next is sure to write, so that an id is
  /// assigned now if there is none yet.
  const char* question(bool assigning = false) const;
  void take(const PGresult* answer);

  /// Nothing when the transaction has no id that is known.
  std::optional<TransactionTrace> trace() const;

 private:
  bool may_ask_ = false;
  bool behind_pooler_ = false;
  bool read_only_ = false;
  TransactionTrace trace_;  // all but the number stays the same on one connection
};

}  // namespace flowdb::backend::postgresql
