#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>
#include <vector>

#include "metrics/operation_metrics.hpp"

namespace flowdb::metrics {

/// The operations of a database by their names, which are literals of this library and therefore
/// few. Only ever grows, so that finding one takes no lock; an operation's first call allocates.
/// Thread-safe.
class OperationTable {
 public:
  OperationTable() = default;
  OperationTable(const OperationTable&) = delete;
  OperationTable& operator=(const OperationTable&) = delete;
  ~OperationTable();

  OperationMetrics& of(std::string_view name) noexcept;
  /// Those that there are, by name.
  std::vector<const OperationMetrics*> all() const;

 private:
  static constexpr std::size_t kSlotCount = 64;
  static std::size_t first_slot(std::string_view name) noexcept;
  /// What stands in the slot, which is `name`'s from now on if nobody had it. nullptr: there is no
  /// memory left.
  OperationMetrics* claim(std::atomic<OperationMetrics*>& slot, std::string_view name) noexcept;

  std::array<std::atomic<OperationMetrics*>, kSlotCount> slots_{};
  OperationMetrics other_{"other"};  ///< of whatever finds no place
};

}  // namespace flowdb::metrics
