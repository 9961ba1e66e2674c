#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace flowdb::test {

/// What `action` throws, which must be an exception of the class E itself; anything else, or
/// nothing, ends the test.
template <class E, class Action>
E thrown_by(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    if (typeid(error) == typeid(E)) return dynamic_cast<const E&>(error);
    throw std::logic_error(std::string{"expected "} + typeid(E).name() + ", but got " +
                           typeid(error).name() + ": " + error.what());
  }
  throw std::logic_error(std::string{"expected "} + typeid(E).name() + ", but nothing was thrown");
}

/// The exception of the class E that is nested in `error`.
template <class E>
E nested_in(const std::exception& error) {
  return thrown_by<E>([&] { std::rethrow_if_nested(error); });
}

}  // namespace flowdb::test
