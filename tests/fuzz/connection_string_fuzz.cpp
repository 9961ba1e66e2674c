// The readers of connection strings: whatever the text, a target or a ConfigurationError.
#include <cstddef>
#include <cstdint>
#include <string>

#include <flowdb/error.hpp>

#include "config/connection_string_type.hpp"
#include "config/postgresql_connection_string.hpp"
#include "config/sqlserver_connection_string.hpp"

namespace {

template <typename Function>
void ignoring_refusal(Function function) {
  try {
    function();
  } catch (const flowdb::ConfigurationError&) {
    // A text that is no connection string says so.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  const flowdb::Secret secret{text};
  flowdb::config::connection_string_type(text);
  ignoring_refusal([&] { flowdb::config::parse_postgresql("fuzz", secret, true).to_conninfo(); });
  ignoring_refusal([&] { flowdb::config::parse_sqlserver("fuzz", secret, true); });
  return 0;
}
