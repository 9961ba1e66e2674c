#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace flowdb::reliability {

/// One run of a trial: what it was told, and what it has found. Thread-safe.
class TrialRun {
 public:
  using Clock = std::chrono::steady_clock;

  TrialRun(std::string name, std::uint64_t seed, std::chrono::seconds duration,
           std::map<std::string, int> settings);

  std::uint64_t seed() const noexcept { return seed_; }
  /// A source of chance for one part of the run, such as a thread or a round: the same for the same
  /// seed, whatever the other parts do meanwhile.
  std::mt19937_64 random(std::uint64_t part) const;
  std::chrono::seconds duration() const noexcept { return duration_; }
  bool is_time_up() const { return Clock::now() - started_ >= duration_; }
  /// \throws std::out_of_range for one that the trial has not declared.
  int setting(const std::string& name) const { return settings_.at(name); }

  /// Prints a line about what is under way.
  void tell(const std::string& text) const;
  /// For the report's one line, in the order in which they come; the same name again replaces it.
  void figure(const std::string& name, const std::string& value);
  void figure(const std::string& name, std::int64_t value) { figure(name, std::to_string(value)); }
  /// What does not hold fails the run, which goes on. Prints the first few. Returns `holds`.
  bool expect(bool holds, const std::string& problem);

  bool has_failed() const;
  /// The line with the verdict and the figures; a failed run's says how the same is run again.
  void report() const;

 private:
  std::string name_;
  std::uint64_t seed_;
  std::chrono::seconds duration_;
  std::map<std::string, int> settings_;
  Clock::time_point started_ = Clock::now();
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> figures_;
  int problems_ = 0;
};

}  // namespace flowdb::reliability
