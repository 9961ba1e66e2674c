#include "common/expected_figures.hpp"

#include <ostream>

namespace flows {

bool reaches(const nlohmann::json& summary, const nlohmann::json& expected, std::ostream& report) {
  bool all = true;
  for (const auto& [name, value] : expected.items()) {
    const auto found = summary.find(name);
    if (found != summary.end() && *found == value) {
      continue;
    }
    report << name << " should be " << value << " but is "
           << (found == summary.end() ? "missing" : found->dump()) << '\n';
    all = false;
  }
  return all;
}

}  // namespace flows
