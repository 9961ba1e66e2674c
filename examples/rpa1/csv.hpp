#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flows::rpa1 {

/// The fields of one line of CSV (RFC 4180: a field may stand in double quotes, a double quote
/// inside is written twice). Fields do not span lines.
/// \throws std::invalid_argument for a quote that is not closed or stands amid a field.
std::vector<std::string> split_csv_line(std::string_view line);

}  // namespace flows::rpa1
