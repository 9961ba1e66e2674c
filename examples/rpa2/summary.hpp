#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

namespace flows::rpa2 {

/// What one run did, by the word of rpa_db: its records in the queue, its rows in
/// processed_surveys, and what its row in flow_execution_logs holds beside, the scores among that.
/// `processor_instance` is who asks.
nlohmann::json summarise(flowdb::DatabaseManager& database, const std::string& run_id,
                         const std::string& processor_instance);

}  // namespace flows::rpa2
