#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

namespace flows::rpa3 {

/// What one run did, by the database's word: of all its records, or of those that `claimed_by` has
/// claimed. Rates are percentages. `processor_instance` is who asks.
nlohmann::json summarise(flowdb::DatabaseManager& database, const std::string& run_id,
                         const std::string& processor_instance,
                         const std::optional<std::string>& claimed_by = std::nullopt);

/// The total of each order of the run, by its id.
nlohmann::json order_totals(flowdb::DatabaseManager& database, const std::string& run_id);

}  // namespace flows::rpa3
