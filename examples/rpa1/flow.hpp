#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

namespace flows::rpa1 {

/// Reads the sales file, adds it up and stores the results with the run in flow_execution_logs.
/// Returns the run's summary as the database has it afterwards. A run that fails is stored as
/// failed, and its exception passes on.
nlohmann::json run(flowdb::DatabaseManager& database, const std::filesystem::path& file,
                   const std::string& run_id);

}  // namespace flows::rpa1
