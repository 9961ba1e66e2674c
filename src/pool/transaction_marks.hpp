#pragma once

#include <cstddef>

namespace flowdb::pool {

/// How many transactions of a pool the calling thread is inside of.
class TransactionMarks {
 public:
  static std::size_t of_this_thread(const void* pool) noexcept;
  static void add(const void* pool);
  static void remove(const void* pool) noexcept;
};

}  // namespace flowdb::pool
