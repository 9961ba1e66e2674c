#include "reliability/trial_run.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace flowdb::reliability {
namespace {

constexpr int problems_shown = 10;

}  // namespace

TrialRun::TrialRun(std::string name, std::uint64_t seed, std::chrono::seconds duration,
                   std::map<std::string, int> settings)
    : name_(std::move(name)), seed_(seed), duration_(duration), settings_(std::move(settings)) {}

std::mt19937_64 TrialRun::random(std::uint64_t part) const {
  std::seed_seq sequence{static_cast<std::uint32_t>(seed_),
                         static_cast<std::uint32_t>(seed_ >> 32U), static_cast<std::uint32_t>(part),
                         static_cast<std::uint32_t>(part >> 32U)};
  return std::mt19937_64{sequence};
}

void TrialRun::tell(const std::string& text) const {
  const std::lock_guard lock{mutex_};
  std::cout << name_ << ": " << text << std::endl;
}

void TrialRun::figure(const std::string& name, const std::string& value) {
  const std::lock_guard lock{mutex_};
  const auto known = std::find_if(figures_.begin(), figures_.end(),
                                  [&](const auto& figure) { return figure.first == name; });
  if (known != figures_.end()) {
    known->second = value;
  } else {
    figures_.emplace_back(name, value);
  }
}

bool TrialRun::expect(bool holds, const std::string& problem) {
  if (holds) return true;
  const std::lock_guard lock{mutex_};
  if (++problems_ <= problems_shown) std::cout << name_ << ": WRONG: " << problem << std::endl;
  return false;
}

bool TrialRun::has_failed() const {
  const std::lock_guard lock{mutex_};
  return problems_ > 0;
}

void TrialRun::report() const {
  const std::lock_guard lock{mutex_};
  const std::chrono::duration<double> elapsed = Clock::now() - started_;
  std::ostringstream line;
  line << name_ << ": " << (problems_ == 0 ? "ok" : "FAILED") << ", " << std::fixed
       << std::setprecision(1) << elapsed.count() << " s, seed " << seed_;
  for (const auto& [name, value] : figures_) line << ", " << name << ' ' << value;
  if (problems_ > 0) {
    line << ", problems " << problems_ << "\n  again: tests/reliability/run.sh --seed " << seed_;
    if (duration_ > std::chrono::seconds::zero()) line << " --duration " << duration_.count();
    line << ' ' << name_;
    for (const auto& [name, value] : settings_) line << ' ' << name << '=' << value;
  }
  std::cout << line.str() << std::endl;
}

}  // namespace flowdb::reliability
