#include "pool/transaction_marks.hpp"

#include <algorithm>
#include <vector>

namespace flowdb::pool {
namespace {

std::vector<const void*>& marks() {
  thread_local std::vector<const void*> held;
  return held;
}

}  // namespace

std::size_t TransactionMarks::of_this_thread(const void* pool) noexcept {
  return static_cast<std::size_t>(std::count(marks().begin(), marks().end(), pool));
}

void TransactionMarks::add(const void* pool) {
  marks().push_back(pool);
}

void TransactionMarks::remove(const void* pool) noexcept {
  auto& held = marks();
  const auto found = std::find(held.rbegin(), held.rend(), pool);
  if (found != held.rend()) {
    held.erase(std::next(found).base());
  }
}

}  // namespace flowdb::pool
