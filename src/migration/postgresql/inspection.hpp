#pragma once

#include <string>
#include <string_view>

#include <flowdb/value.hpp>

#include "migration/non_transactional.hpp"

namespace flowdb::migration::postgresql {

/// How to find out whether a statement that cannot run in a transaction was carried out.
struct InspectionQuestion {
  /// For `is_there` and `is_broken`; no row: neither. Empty: there is nothing to look at.
  std::string sql = {};
  Params params = {};
  bool makes = true;  ///< the statement makes the object; otherwise it takes it away
  /// When there is nothing to look at.
  Inspection::Outcome otherwise = Inspection::Outcome::unknown;
  std::string advice = {};
};

InspectionQuestion inspection_of(std::string_view statement);

}  // namespace flowdb::migration::postgresql
