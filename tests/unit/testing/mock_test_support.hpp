#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/testing/mock_database_manager.hpp>

namespace flowdb::mock_test {

/// Options under which new attempts follow at once, so that tests take no real time.
inline DatabaseOptions impatient_options() {
  DatabaseOptions options;
  options.timeout = std::chrono::seconds{20};
  options.retry = RetryPolicy{.max_attempts = 3,
                              .min_wait = std::chrono::milliseconds{0},
                              .max_wait = std::chrono::milliseconds{0},
                              .multiplier = 0,
                              .conflict_min_wait = std::chrono::milliseconds{0},
                              .conflict_max_wait = std::chrono::milliseconds{0},
                              .max_conflict_attempts = 3};
  return options;
}

/// The E that `call` throws.
template <class E>
E thrown_by(const std::function<void()>& call) {
  try {
    call();
  } catch (const E& error) {
    return error;
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another exception: " << error.what();
    throw;
  }
  ADD_FAILURE() << "nothing was thrown";
  throw std::logic_error("nothing was thrown");
}

inline QueryError serialization_failure() {
  return QueryError{"could not serialize access",
                    {.sqlstate = "40001", .transient = true, .phase = Phase::sent}};
}

}  // namespace flowdb::mock_test
