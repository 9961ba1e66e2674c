#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flowdb::migration {

/// The line of `text` (valid UTF-8) that holds the byte at `offset`, and below it a caret under
/// that character, both indented and without a line end behind them. Tabs stay tabs, wide
/// characters take two columns, so that the caret stands right in a terminal. Of a long line only
/// the surroundings are shown.
std::string excerpt(std::string_view text, std::size_t offset);

}  // namespace flowdb::migration
