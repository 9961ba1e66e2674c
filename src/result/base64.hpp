#pragma once

#include <string>
#include <string_view>

namespace flowdb::result {

/// RFC 4648, section 4: the standard alphabet, with padding.
std::string to_base64(std::string_view bytes);

}  // namespace flowdb::result
