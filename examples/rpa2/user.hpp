#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace flows::rpa2 {

struct User {
  std::int64_t id = 0;
  std::string name;
  std::string email;
  bool active = true;
};

/// What is wrong with the user, one sentence each; empty for a valid one: it has an id above 0, a
/// name that is not blank, and an address with an @ and a dot behind that.
std::vector<std::string> faults_of(const User& user);

struct UserCheck {
  int valid = 0;
  int invalid = 0;
  /// `[{"id": 4, "faults": ["…"]}]`, in the order given; no names and no addresses.
  nlohmann::json invalid_users = nlohmann::json::array();
};

UserCheck check_users(const std::vector<User>& users);

}  // namespace flows::rpa2
