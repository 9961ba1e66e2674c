#include "backend/postgresql/notices.hpp"

#include <string>
#include <string_view>

#include "logging/log.hpp"

namespace flowdb::backend::postgresql {
namespace {

std::string_view part_of(const PGresult* notice, int which) {
  const char* const text = PQresultErrorField(notice, which);
  return text != nullptr ? text : "?";
}

void take(void* link, const PGresult* notice) {
  // Its text is in the server's language, and its SQLSTATE that of any warning.
  if (part_of(notice, PG_DIAG_SOURCE_FUNCTION) == "SyncRepWaitForLSN") {
    static_cast<Link*>(link)->standby_wait_broken_off = true;
  }
  std::string message{"server message severity="};
  message += part_of(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  message += " sqlstate=";
  message += part_of(notice, PG_DIAG_SQLSTATE);
  logging::write(logging::Level::debug, message);
}

}  // namespace

void receive_notices(Link& link) {
  PQsetNoticeReceiver(link.handle, take, &link);
}

}  // namespace flowdb::backend::postgresql
