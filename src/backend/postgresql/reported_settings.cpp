#include "backend/postgresql/reported_settings.hpp"

#include <algorithm>
#include <string_view>

namespace flowdb::backend::postgresql {
namespace {

std::string_view reported(PGconn* connection, const char* name) noexcept {
  const char* value = PQparameterStatus(connection, name);
  return value != nullptr ? value : "";
}

}  // namespace

void ReportedSettings::pin(PGconn* connection) {
  std::transform(kNames.begin(), kNames.end(), pinned_.begin(),
                 [&](const char* name) { return std::string{reported(connection, name)}; });
}

bool ReportedSettings::have_changed(PGconn* connection) const noexcept {
  return !std::equal(kNames.begin(), kNames.end(), pinned_.begin(),
                     [&](const char* name, const std::string& pinned) {
                       return reported(connection, name) == pinned;
                     });
}

}  // namespace flowdb::backend::postgresql
