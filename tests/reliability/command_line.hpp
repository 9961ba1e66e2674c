#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reliability/trial.hpp"

namespace flowdb::reliability {

/// What the program was told to do.
struct CommandLine {
  bool list = false;        ///< say what trials there are
  bool short_form = false;  ///< instead of the long one
  std::uint64_t seed = 0;   ///< a random one unless given
  std::optional<std::chrono::seconds> duration{};
  std::optional<std::string> server{};  ///< a superuser's URL
  std::vector<std::string> trials{};    ///< all of them when empty
  std::map<std::string, int> settings{};

  bool wants(const Trial& trial) const;
  /// A run of the trial, begun now.
  TrialRun run_of(const Trial& trial) const;
};

/// \throws std::invalid_argument for what cannot be understood, such as a trial or a setting that
/// does not exist.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace flowdb::reliability
