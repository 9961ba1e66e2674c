#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.hpp"

namespace flowdb::config {

using DotenvValues = std::map<std::string, Secret, std::less<>>;

/// Answers the value of a variable, or nullopt when it has none.
using VariableLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// Reads a .env file's text in python-dotenv's syntax: `KEY=value`, `export`, comments, inline
/// ` #` comments, single and double quotes with their escapes, values over several lines, `${NAME}`
/// and `${NAME:-default}`. A NAME is looked up in `environment`, then among the values above it,
/// then in `earlier_file`; unknown without a default it is empty. Differences: nothing is replaced
/// within single quotes, keys hold letters, digits, `_`, `.` and `-`, a key needs its `=`, and a
/// bad line is an error where python-dotenv warns.
/// \throws ConfigurationError `{shown_name}:{line}: …`, without any text of the file.
DotenvValues parse_dotenv(std::string_view text, const std::string& shown_name,
                          const VariableLookup& environment, const DotenvValues& earlier_file = {});

}  // namespace flowdb::config
