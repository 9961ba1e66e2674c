#include "metrics/registry.hpp"

#include <algorithm>
#include <atomic>

#include "core/process_identity.hpp"

namespace flowdb::metrics {

Registry& Registry::of_this_process() {
  static std::atomic<Registry*> current{nullptr};
  const auto process = process_identity();
  auto* found = current.load(std::memory_order_acquire);
  while (found == nullptr || found->process_ != process) {
    auto* const fresh = new Registry{process};
    if (current.compare_exchange_strong(found, fresh, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
      return *fresh;
    }
    delete fresh;  // another thread was first
  }
  return *found;
}

DatabaseMetrics& Registry::database(const std::string& name, DatabaseType type) {
  const std::lock_guard lock{mutex_};
  for (const auto& database : databases_) {
    if (database->name() == name && database->type() == type) {
      return *database;
    }
  }
  auto& added = databases_.emplace_back(std::make_unique<DatabaseMetrics>(name, type));
  return *added;
}

std::vector<const DatabaseMetrics*> Registry::databases() const {
  std::vector<const DatabaseMetrics*> all;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& database : databases_) {
      all.push_back(database.get());
    }
  }
  std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
    return a->name() != b->name() ? a->name() < b->name() : a->type() < b->type();
  });
  return all;
}

}  // namespace flowdb::metrics
