#pragma once

#include <optional>
#include <string_view>

namespace flowdb::config {

/// A decimal integer, a leading `-` allowed, surrounding white space ignored; nullopt for anything
/// else and for what an int cannot hold.
std::optional<int> to_integer(std::string_view text) noexcept;

/// true, 1, yes, on, enabled; false, 0, no, off, disabled; in any case, surrounding white space
/// ignored.
std::optional<bool> to_boolean(std::string_view text);

}  // namespace flowdb::config
