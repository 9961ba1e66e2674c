#pragma once

#include <cstddef>
#include <cstdint>

#include "harness.hpp"

namespace flowdb::benchmark {

/// Calls `query(key, sum)` for the same keys, all over the table, whoever asks (a linear
/// congruential generator; the factors are those of Numerical Recipes).
template <class Query>
CellSum for_each_key(std::size_t repetitions, std::uint32_t keys, const Query& query) {
  CellSum sum;
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < repetitions; ++i) {
    state = state * 1'664'525U + 1'013'904'223U;
    query(static_cast<std::int32_t>(1 + (state >> 8U) % keys), sum);
  }
  return sum;
}

}  // namespace flowdb::benchmark
