#include "pool/pool.hpp"

#include <memory>
#include <utility>

#include "pool/pool_core.hpp"
#include "pool/transaction_marks.hpp"

namespace flowdb::pool {

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    give_back();
    core_ = other.core_;
    slot_ = other.slot_;
    connection_ = std::exchange(other.connection_, nullptr);
    deadline_ = other.deadline_;
    since_ = other.since_;
  }
  return *this;
}

void Lease::give_back() noexcept {
  if (std::exchange(connection_, nullptr) != nullptr) {
    core_->release(slot_, deadline_, since_);
  }
}

backend::Connection& Lease::operator*() const {
  core_->refuse_inherited();
  return *connection_;
}

bool Lease::is_in_own_process() const noexcept {
  return core_ == nullptr || core_->is_in_own_process();
}

void Lease::run(const std::string& fingerprint) noexcept {
  core_->note_run(slot_, fingerprint);
}

void Lease::rest() noexcept {
  core_->note_rest(slot_);
}

void Lease::run_again() noexcept {
  core_->note_run_again(slot_);
}

Pool::Pool(std::string database_name, const config::PoolSettings& settings,
           std::shared_ptr<backend::Backend> backend)
    : core_(std::make_shared<PoolCore>(std::move(database_name), settings, std::move(backend))),
      registration_(core_->metrics(), *core_) {}

Pool::~Pool() {
  if (core_->is_in_own_process()) {
    core_->shut_down();
  } else {
    // Kept for ever: to close a connection here would end the parent's session.
    static_cast<void>(new std::shared_ptr<PoolCore>(std::move(core_)));
  }
}

Lease Pool::acquire(const AcquireOptions& options) {
  return core_->acquire(options);
}

PoolStatus Pool::status(PoolDetail detail) const {
  return core_->status(detail);
}

bool Pool::turns_away() {
  return core_->turns_away();
}

void Pool::dispose() {
  core_->dispose();
}

std::size_t Pool::dispose(const Deadline& deadline) {
  return core_->dispose(deadline);
}

const backend::Backend& Pool::backend() const noexcept {
  return core_->backend();
}

metrics::DatabaseMetrics& Pool::metrics() const noexcept {
  return core_->metrics();
}

TransactionMark::TransactionMark(const Pool& pool) : pool_(pool.mark_key()) {
  TransactionMarks::add(pool_);
}

TransactionMark::~TransactionMark() {
  TransactionMarks::remove(pool_);
}

}  // namespace flowdb::pool
