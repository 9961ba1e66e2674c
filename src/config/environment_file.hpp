#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/dotenv.hpp"

namespace flowdb::config {

/// A variable of the process environment, which is only ever read.
std::optional<std::string> process_variable(std::string_view name);

struct EnvironmentFile {
  std::string shown_name;  ///< relative to the project root, as messages show it
  bool exists = false;
  DotenvValues values;
};

/// Reads `root / name`; one that is not there is empty. Its `${NAME}` are looked up in the process
/// environment, in the file itself and in `earlier_file`.
/// \throws ConfigurationError when it cannot be read or has a bad line.
EnvironmentFile load_environment_file(const std::filesystem::path& root,
                                      const std::filesystem::path& name,
                                      const DotenvValues& earlier_file = {});

}  // namespace flowdb::config
