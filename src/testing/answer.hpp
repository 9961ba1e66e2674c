#pragma once

#include <chrono>
#include <functional>

#include <flowdb/testing/mock_database_manager.hpp>

namespace flowdb::testing {

/// What becomes of one call.
struct Answer {
  enum class Kind { result, disconnect_before, disconnect_after };

  Kind kind = Kind::result;
  std::chrono::milliseconds delay{0};
  std::function<ResultSet(const Call&)> compute = {};  ///< empty: what is usual for the statement
};

}  // namespace flowdb::testing
