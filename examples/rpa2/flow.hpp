#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

#include "rpa2/user.hpp"

namespace flows::rpa2 {

struct Input {
  std::vector<User> users;
  flowdb::Timestamp since;  ///< of the survey responses to read
  int batch_size = 10;      ///< records claimed from the queue at once
};

/// Validates the users, reads the survey responses of SurveyHub, scores them by way of the queue
/// and stores them in processed_surveys. processed_surveys has no column for a score: scores and
/// the users' faults are in the metadata of the run's row in flow_execution_logs. Returns the run's
/// summary as the database has it afterwards. A run that fails is stored as failed, and its
/// exception passes on.
nlohmann::json run(flowdb::DatabaseManager& database, flowdb::DatabaseManager& survey_hub,
                   const Input& input, const std::string& run_id, const std::string& instance_id);

}  // namespace flows::rpa2
