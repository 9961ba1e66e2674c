#pragma once

#include <memory>

#include <soci/soci.h>

namespace flowdb {
inline namespace v0_1 {

class DatabaseManager;

/// The soci::session of a pooled connection, for those who want SOCI's own API. Goes back to the
/// pool when destroyed, after a full reset of its state. Not thread-safe. What SOCI throws passes
/// through as it is, and SOCI puts bound values into its texts.
///
///     flowdb::SessionLease lease = db.lease_session();
///     int count = 0;
///     lease.session() << "SELECT count(*) FROM t", soci::into(count);
class SessionLease {
 public:
  SessionLease(SessionLease&&) noexcept;
  SessionLease& operator=(SessionLease&&) noexcept;
  ~SessionLease();

  soci::session& session() noexcept;

 private:
  friend class DatabaseManager;
  struct Impl;
  explicit SessionLease(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v0_1
}  // namespace flowdb
