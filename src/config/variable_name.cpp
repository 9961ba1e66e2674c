#include "config/variable_name.hpp"

#include <algorithm>

#include "core/ascii.hpp"

namespace flowdb::config {

bool is_plain_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '-';
  });
}

std::string variable_part(std::string_view name) {
  std::string result{name};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c == '-' ? '_' : upper(c); });
  return result;
}

}  // namespace flowdb::config
