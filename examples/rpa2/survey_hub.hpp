#pragma once

#include <vector>

#include <flowdb/flowdb.hpp>

#include "rpa2/survey_response.hpp"

namespace flows::rpa2 {

/// The responses submitted at `since` or later, by survey_id. Throws what DatabaseManager throws.
std::vector<SurveyResponse> read_responses(flowdb::DatabaseManager& survey_hub,
                                           const flowdb::Timestamp& since);

/// Creates survey_responses with these rows unless the database has such a table; true when it has
/// made one. For a SurveyHub of one's own to try the flow on, on either kind of server.
bool make_survey_hub(flowdb::DatabaseManager& survey_hub,
                     const std::vector<SurveyResponse>& responses);

}  // namespace flows::rpa2
