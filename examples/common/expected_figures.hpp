#pragma once

#include <iosfwd>

#include <nlohmann/json.hpp>

namespace flows {

/// Whether `summary` has every member of `expected` with the same value; each one that it has not
/// gets a line on `report`.
bool reaches(const nlohmann::json& summary, const nlohmann::json& expected, std::ostream& report);

}  // namespace flows
