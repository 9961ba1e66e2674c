#pragma once

#include <string>
#include <string_view>

#include "config/dotenv.hpp"

namespace flowdb::config {

/// `text` with `${NAME}` and `${NAME:-default}` replaced by what `lookup` answers. The default
/// stands for a NAME that is unknown, not for one that is empty; without a default an unknown NAME
/// is empty. A default is literal text up to the next `}`; any other `$` stays as it is.
std::string interpolate(std::string_view text, const VariableLookup& lookup);

}  // namespace flowdb::config
