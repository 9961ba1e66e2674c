#pragma once

#include "support/tds_server/protocol/response.hpp"
#include "support/tds_server/session/faults.hpp"

namespace flowdb::tds_server {

void send_scripted(const ScriptedAnswer& answer, Response& response);

}  // namespace flowdb::tds_server
