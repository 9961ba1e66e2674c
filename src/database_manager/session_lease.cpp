#include <memory>
#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/soci.hpp>

#include "database_manager/impl.hpp"
#include "transaction/operation_record.hpp"

namespace flowdb {

struct SessionLease::Impl {
  std::shared_ptr<Engine> engine;
  pool::Lease lease;
  soci::session* session;
};

SessionLease::SessionLease(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
SessionLease::SessionLease(SessionLease&&) noexcept = default;
SessionLease& SessionLease::operator=(SessionLease&&) noexcept = default;
SessionLease::~SessionLease() = default;

soci::session& SessionLease::session() noexcept {
  return *impl_->session;
}

SessionLease DatabaseManager::lease_session(CallSite site) {
  return recorded(impl_->executor.engine().metrics(), "lease_session", [&] {
    auto& executor = impl_->executor;
    auto lease =
        executor.acquire(Deadline::after(impl_->settings.timeout), {"lease_session", site});
    lease.set_deadline(Deadline::never());
    lease.rest();  // what is done with it is not seen
    auto* const session = lease->soci_session();
    if (session == nullptr) {
      throw InvalidArgument(database_name() + ": this backend does not work through SOCI",
                            {.database_name = database_name()});
    }
    lease->mark_session_touched();
    return SessionLease{std::make_unique<SessionLease::Impl>(
        SessionLease::Impl{executor.shared_engine(), std::move(lease), session})};
  });
}

}  // namespace flowdb
