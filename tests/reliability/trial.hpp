#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "reliability/trial_run.hpp"

namespace flowdb::reliability {

/// A number that a trial can be given, as `name=value`.
struct Setting {
  std::string name;
  int long_form = 0;
  int short_form = 0;
};

/// Something that must hold whatever happens, and what is done to disprove it. Everything that is
/// left to chance follows from the run's seed.
struct Trial {
  std::string name;
  std::string what;  ///< a sentence for people
  /// How long it goes on unless told otherwise; zero where its settings alone say how much it does.
  std::chrono::seconds long_form{0};
  std::chrono::seconds short_form{0};
  std::vector<Setting> settings;
  /// Fails by TrialRun::expect(), or by throwing.
  std::function<void(TrialRun&)> run;
};

/// In the order in which they are run.
const std::vector<Trial>& all_trials();

}  // namespace flowdb::reliability
