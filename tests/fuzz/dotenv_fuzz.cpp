// The reader of .env files: whatever the text, values or a ConfigurationError.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <flowdb/error.hpp>

#include "config/dotenv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    flowdb::config::parse_dotenv(text, "fuzz.env", [](std::string_view) { return std::nullopt; });
  } catch (const flowdb::ConfigurationError&) {
    // A file that cannot be read says so.
  }
  return 0;
}
