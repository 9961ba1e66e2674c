#pragma once

#include <span>
#include <string_view>

namespace flowdb::config {

/// That one of `words` which `word` may be a misspelling of (at most two letters wrong, in any
/// case), or an empty text.
std::string_view similar_word(std::string_view word, std::span<const std::string_view> words);

}  // namespace flowdb::config
