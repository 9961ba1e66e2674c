#include "rpa2/user.hpp"

#include <string_view>

namespace flows::rpa2 {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

bool is_address(std::string_view email) {
  const auto at = email.find('@');
  return at != std::string_view::npos && email.find('.', at) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> faults_of(const User& user) {
  std::vector<std::string> faults;
  if (user.id <= 0) {
    faults.emplace_back("the id must be above 0");
  }
  if (is_blank(user.name)) {
    faults.emplace_back("the name is blank");
  }
  if (!is_address(user.email)) {
    faults.emplace_back("the email must have an @ and a dot behind it");
  }
  return faults;
}

UserCheck check_users(const std::vector<User>& users) {
  UserCheck check;
  for (const auto& user : users) {
    const auto faults = faults_of(user);
    if (faults.empty()) {
      ++check.valid;
    } else {
      ++check.invalid;
      check.invalid_users.push_back({{"id", user.id}, {"faults", faults}});
    }
  }
  return check;
}

}  // namespace flows::rpa2
