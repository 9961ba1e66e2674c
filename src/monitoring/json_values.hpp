#pragma once

#include <cmath>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace flowdb::monitoring {

/// Milliseconds to the microsecond.
inline double rounded(double milliseconds) {
  return std::round(milliseconds * 1000) / 1000;
}

inline nlohmann::json text_or_null(const std::optional<std::string>& text) {
  return text ? nlohmann::json(*text) : nlohmann::json();
}

}  // namespace flowdb::monitoring
