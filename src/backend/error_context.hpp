#pragma once

#include <string>
#include <string_view>

#include <flowdb/value.hpp>

#include "core/secret.hpp"

namespace flowdb::backend {

/// What an error text needs to know of the call beside the server's words.
struct ErrorContext {
  const std::string& database_name;
  const Secret& password;
  std::string_view operation;         ///< `query`, `COMMIT`, `bulk_insert` …
  std::string_view fingerprint = {};  ///< of the statement
  const Params* params = nullptr;     ///< whose values must not appear
  /// What was sent, where the server tells a line of it and not a place; may be empty.
  std::string_view text = {};
  /// Values that are not at hand could appear in what the server says: the rows of a bulk load, the
  /// other sets of a batch, those of earlier statements of the transaction.
  bool has_other_values = false;
  bool by_name = false;  ///< flowdb had prepared the statement before
};

}  // namespace flowdb::backend
