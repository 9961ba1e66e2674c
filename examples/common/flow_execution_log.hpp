#pragma once

#include <cstdint>
#include <exception>
#include <string>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

namespace flows {

/// What a run of a flow came to.
struct FlowOutcome {
  int records_processed = 0;
  int records_successful = 0;
  int records_failed = 0;
  int database_operations = 0;  ///< calls of the flow to the database, those of the log included
  flowdb::HealthStatus health;  ///< of the database, as the run found it
  nlohmann::json metadata = nlohmann::json::object();
};

/// The row in flow_execution_logs of one run: `running` from construction on, then `completed` or
/// `failed`. The times are the server's, in UTC.
class FlowExecutionLog {
 public:
  /// `database` must outlive the log.
  FlowExecutionLog(flowdb::DatabaseManager& database, const std::string& flow_name,
                   const std::string& run_id);

  void complete(const FlowOutcome& outcome);
  /// Stores the error's text. Never throws: what made the run fail matters more than its log.
  void fail(const std::exception& error) noexcept;

  std::int64_t id() const noexcept { return id_; }

 private:
  flowdb::DatabaseManager& database_;
  std::int64_t id_;
};

}  // namespace flows
