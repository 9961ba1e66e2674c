#pragma once

#include <string>
#include <string_view>

namespace flowdb::config {

/// What a database, a flow and an environment may be called, as an error message says it.
inline constexpr std::string_view kNameRule = "only letters, digits, '_' and '-'";

/// Whether `name` keeps to kNameRule: it becomes part of a variable's name and of a path.
bool is_plain_name(std::string_view name) noexcept;

/// `SurveyHub` → `SURVEYHUB`, `rpa-1` → `RPA_1`.
std::string variable_part(std::string_view name);

}  // namespace flowdb::config
