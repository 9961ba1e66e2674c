#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <flowdb/flowdb.hpp>

#include "common/processing_queue.hpp"
#include "rpa2/survey_response.hpp"

namespace flows::rpa2 {

struct SurveyScore {
  std::string survey_id;
  double score = 0;
};

/// Turns a queue record into a row of processed_surveys, one for each response and run. Row and
/// end of the record are one transaction, so that a record is either done or not, whatever happens
/// to the process. Thread-safe.
class SurveyProcessor {
 public:
  /// `database` and `queue` must outlive the processor.
  SurveyProcessor(flowdb::DatabaseManager& database, ProcessingQueue& queue);

  /// Processes a record that the queue has handed out. Nullopt for a response that cannot be scored
  /// or that the database refuses: its record has failed then, and its row, if it could have one,
  /// says why.
  /// \throws other errors of the database: the record stays claimed, and whoever cleans up orphans
  /// makes it pending again.
  std::optional<SurveyScore> process(const QueueRecord& record);

 private:
  using Clock = std::chrono::steady_clock;
  SurveyScore score(const QueueRecord& record, const SurveyResponse& response,
                    Clock::time_point started);
  void reject(const QueueRecord& record, const SurveyResponse& response, const std::string& reason,
              Clock::time_point started);

  flowdb::DatabaseManager& database_;
  ProcessingQueue& queue_;
};

}  // namespace flows::rpa2
