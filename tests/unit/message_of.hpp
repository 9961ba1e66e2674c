#pragma once

#include <string>

#include <flowdb/error.hpp>

namespace flowdb::test {

/// What the InvalidArgument says that `action` throws; `(nothing thrown)` when it throws none.
template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

}  // namespace flowdb::test
