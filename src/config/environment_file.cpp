#include "config/environment_file.hpp"

#include <cstdlib>
#include <system_error>

#include <flowdb/error.hpp>

#include "config/text_file.hpp"

namespace flowdb::config {

std::optional<std::string> process_variable(std::string_view name) {
  const char* value = std::getenv(std::string{name}.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

EnvironmentFile load_environment_file(const std::filesystem::path& root,
                                      const std::filesystem::path& name,
                                      const DotenvValues& earlier_file) {
  EnvironmentFile file{name.generic_string(), false, {}};
  std::error_code error;
  const auto text = read_text_file(root / name, error);
  if (error == std::errc::no_such_file_or_directory) {
    return file;
  }
  if (error) {
    throw ConfigurationError(file.shown_name + " cannot be read: " + error.message());
  }
  file.exists = true;
  file.values = parse_dotenv(text, file.shown_name, process_variable, earlier_file);
  return file;
}

}  // namespace flowdb::config
