#include "logging/run_defaults.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include <pwd.h>
#include <unistd.h>

namespace flowdb::logging {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// As whom the process acts, by name or, where the system has no name for him, by number.
std::string system_user() {
  const auto number = geteuid();
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const int error = getpwuid_r(number, &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr ? found->pw_name : std::to_string(number);
}

}  // namespace

RunContext::Fields run_defaults() {
  auto run_id = variable("PREFECT__FLOW_RUN_ID");
  if (run_id.empty()) {
    run_id = variable("PREFECT__CONTEXT__FLOW_RUN_ID");
  }
  return {.flow = variable("PREFECT__FLOW_NAME"), .run_id = run_id, .user = system_user()};
}

}  // namespace flowdb::logging
