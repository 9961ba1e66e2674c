#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flowdb::config {

struct KeywordValue {
  std::string name;
  std::string value;
};

/// Takes libpq's keyword/value text apart (PostgreSQL 15 documentation, 34.1.1.1):
/// `host=localhost password='it\'s secret'`.
/// \throws ConfigurationError when `text` cannot be understood; it shows none of it.
std::vector<KeywordValue> parse_keyword_text(const std::string& database_name,
                                             std::string_view text);

/// `name='value'` with `\` and `'` escaped.
std::string quoted_keyword(std::string_view name, std::string_view value);

}  // namespace flowdb::config
