#include "metrics/operation_table.hpp"

#include <algorithm>
#include <new>

namespace flowdb::metrics {

OperationTable::~OperationTable() {
  for (auto& slot : slots_) {
    delete slot.load(std::memory_order_relaxed);
  }
}

/// Cheap rather than good: the names differ in length or in these letters.
std::size_t OperationTable::first_slot(std::string_view name) noexcept {
  if (name.empty()) {
    return 0;
  }
  const auto letter = [&](std::size_t index) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[index]));
  };
  return (name.size() * 7 + letter(name.size() / 2) * 31 + letter(name.size() - 1)) % kSlotCount;
}

OperationMetrics& OperationTable::of(std::string_view name) noexcept {
  const auto first = first_slot(name);
  for (std::size_t i = 0; i < kSlotCount; ++i) {
    auto& slot = slots_[(first + i) % kSlotCount];
    auto* found = slot.load(std::memory_order_acquire);
    if (found == nullptr) {
      found = claim(slot, name);
      if (found == nullptr) {
        return other_;
      }
    }
    if (found->name() == name) {
      return *found;
    }
  }
  return other_;
}

OperationMetrics* OperationTable::claim(std::atomic<OperationMetrics*>& slot,
                                        std::string_view name) noexcept {
  OperationMetrics* fresh = nullptr;
  try {
    fresh = new OperationMetrics{name};
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  OperationMetrics* found = nullptr;
  if (slot.compare_exchange_strong(found, fresh, std::memory_order_acq_rel,
                                   std::memory_order_acquire)) {
    return fresh;
  }
  delete fresh;  // another thread was first
  return found;
}

std::vector<const OperationMetrics*> OperationTable::all() const {
  std::vector<const OperationMetrics*> operations;
  for (const auto& slot : slots_) {
    if (const auto* operation = slot.load(std::memory_order_acquire)) {
      operations.push_back(operation);
    }
  }
  if (other_.is_used()) {
    operations.push_back(&other_);
  }
  std::sort(operations.begin(), operations.end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  return operations;
}

}  // namespace flowdb::metrics
