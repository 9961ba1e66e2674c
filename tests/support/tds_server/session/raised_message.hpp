#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::tds_server {

/// RAISERROR's text with its arguments in the places of `%[flags][width][.precision][h|l]type`,
/// where the type is one of d i o s u x X. Throws SqlError 2786 or 2787 for what does not fit.
std::string raised_message(std::string_view pattern,
                           const std::vector<std::optional<std::string>>& arguments);

}  // namespace flowdb::tds_server
