#pragma once

#include <flowdb/run_context.hpp>

namespace flowdb::logging {

/// Who runs where no RunContext says so, as far as the process can tell: the user by the operating
/// system's word, the flow and the run by Prefect's (PREFECT__FLOW_NAME; PREFECT__FLOW_RUN_ID, or
/// PREFECT__CONTEXT__FLOW_RUN_ID of Prefect 1). Reads the environment.
RunContext::Fields run_defaults();

}  // namespace flowdb::logging
