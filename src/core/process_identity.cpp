#include "core/process_identity.hpp"

#include <atomic>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace flowdb {
namespace {

using Mark = std::atomic<std::uint64_t>;

/// Zero in a process that has not asked yet; nullptr where the system cannot wipe memory on fork().
Mark* make_mark() noexcept {
  void* const page =
      mmap(nullptr, sizeof(Mark), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    return nullptr;
  }
  if (madvise(page, sizeof(Mark), MADV_WIPEONFORK) != 0) {
    munmap(page, sizeof(Mark));
    return nullptr;
  }
  return new (page) Mark{0};
}

/// A child has its parent's, and counts on from there.
std::atomic<std::uint64_t> last_identity{0};

}  // namespace

std::uint64_t process_identity() noexcept {
  static Mark* const mark = make_mark();
  if (mark == nullptr) {
    return static_cast<std::uint64_t>(getpid());
  }
  auto identity = mark->load(std::memory_order_relaxed);
  if (identity == 0) {
    const auto fresh = ++last_identity;
    identity = mark->compare_exchange_strong(identity, fresh) ? fresh : identity;
  }
  return identity;
}

}  // namespace flowdb
