#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/keyword_text.hpp"

namespace flowdb::config {

/// Takes ODBC's keyword text apart: `DRIVER={FreeTDS};SERVER=host,1433;PWD={a;b}}c}`. A value that
/// begins with `{` ends at the next `}` that is not doubled; any other ends at the next `;`,
/// without the spaces around it. \throws ConfigurationError when `text` cannot be understood; it
/// shows none of it.
std::vector<KeywordValue> parse_odbc_keyword_text(const std::string& database_name,
                                                  std::string_view text);

/// The value as ODBC's keyword text holds it: between braces, a `}` doubled, unless it is plain.
std::string odbc_value(std::string_view value);

}  // namespace flowdb::config
