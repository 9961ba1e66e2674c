#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::testing {

/// `SAVEPOINT name`, `RELEASE SAVEPOINT name` or `ROLLBACK TO SAVEPOINT name`.
struct SavepointCommand {
  enum class Action { set, release, roll_back_to };

  Action action = Action::set;
  std::string name;
};

/// The commands of a script that does nothing but handle savepoints; nullopt for any other.
std::optional<std::vector<SavepointCommand>> parse_savepoint_script(std::string_view text);

}  // namespace flowdb::testing
