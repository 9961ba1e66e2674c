#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace flowdb::test {

/// What `action` throws, which must be an exception of the class E itself, with or without a nested
/// one; anything else, or nothing, ends the test.
template <class E, class Action>
E thrown_by(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    const auto* const wanted = dynamic_cast<const E*>(&error);
    const bool has_cause = dynamic_cast<const std::nested_exception*>(&error) != nullptr;
    if (wanted != nullptr && (typeid(error) == typeid(E) || has_cause)) return *wanted;
    throw std::logic_error(std::string{"expected "} + typeid(E).name() + ", but got " +
                           typeid(error).name() + ": " + error.what());
  }
  throw std::logic_error(std::string{"expected "} + typeid(E).name() + ", but nothing was thrown");
}

/// What is nested in the exception that `action` throws: of the class E itself.
template <class E, class Action>
E nested_in_thrown_by(Action action) {
  return thrown_by<E>([&] {
    try {
      action();
    } catch (const std::exception& error) {
      std::rethrow_if_nested(error);
    }
  });
}

}  // namespace flowdb::test
