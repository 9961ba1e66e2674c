#pragma once

#include <libpq-fe.h>

#include "backend/postgresql/handles.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

enum class Readiness { ready, timed_out, lost };

/// Waits until the socket of `connection` can be read, or written as well when `for_write`; in
/// slices, so that a deadline of any length fits poll().
Readiness wait_for_socket(PGconn* connection, bool for_write, const Deadline& deadline);
/// The same for reading, or until `wake_descriptor` can be read.
Readiness wait_for_socket_or(int wake_descriptor, PGconn* connection, const Deadline& deadline);

/// libpq without blocking: every wait ends at a deadline. Does not own the connection.
class Wire {
 public:
  explicit Wire(PGconn* connection) noexcept : connection_(connection) {}

  /// Sends all that libpq has queued, reading what arrives meanwhile (or both sides could wait for
  /// each other for ever).
  Readiness flush(const Deadline& deadline);
  /// The next result of the statement under way; a null handle and `ready` at its end.
  Readiness next(ResultHandle& result, const Deadline& deadline);
  /// Reads and drops results until the connection is idle, and out of pipeline mode.
  Readiness drain(const Deadline& deadline);
  /// Queues `size` bytes of COPY data.
  Readiness put_copy_data(const char* data, int size, const Deadline& deadline);

 private:
  Readiness drain_pipeline(const Deadline& deadline);

  PGconn* connection_;
};

}  // namespace flowdb::backend::postgresql
