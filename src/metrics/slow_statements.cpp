#include "metrics/slow_statements.hpp"

#include <utility>

namespace flowdb::metrics {

void SlowStatements::add(SlowStatement statement) {
  const std::lock_guard lock{mutex_};
  statements_.push_front(std::move(statement));
  if (statements_.size() > kCapacity) {
    statements_.pop_back();
  }
}

std::vector<SlowStatement> SlowStatements::latest() const {
  const std::lock_guard lock{mutex_};
  return {statements_.begin(), statements_.end()};
}

}  // namespace flowdb::metrics
