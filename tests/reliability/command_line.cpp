#include "reliability/command_line.hpp"

#include <algorithm>
#include <charconv>
#include <random>
#include <stdexcept>
#include <string_view>

namespace flowdb::reliability {
namespace {

template <class Number>
Number number_in(std::string_view text, const std::string& what) {
  Number number{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) {
    throw std::invalid_argument(what + " is a number, not '" + std::string{text} + "'");
  }
  return number;
}

bool has_setting(const Trial& trial, const std::string& name) {
  return std::any_of(trial.settings.begin(), trial.settings.end(),
                     [&](const Setting& setting) { return setting.name == name; });
}

std::uint64_t random_seed() {
  std::random_device random;
  return (std::uint64_t{random()} << 32U) | random();
}

void take_setting(const std::string& argument, std::size_t equals, CommandLine& result) {
  const auto name = argument.substr(0, equals);
  result.settings[name] = number_in<int>(std::string_view{argument}.substr(equals + 1), name);
}

void check(const CommandLine& line) {
  const auto& trials = all_trials();
  for (const auto& name : line.trials) {
    if (std::none_of(trials.begin(), trials.end(),
                     [&](const Trial& trial) { return trial.name == name; })) {
      throw std::invalid_argument("there is no trial '" + name + "'; --list shows them");
    }
  }
  for (const auto& [name, value] : line.settings) {
    const auto knows = [&line, &setting = name](const Trial& trial) {
      return line.wants(trial) && has_setting(trial, setting);
    };
    if (std::none_of(trials.begin(), trials.end(), knows)) {
      throw std::invalid_argument("no trial of these has a setting '" + name + "'");
    }
  }
}

}  // namespace

bool CommandLine::wants(const Trial& trial) const {
  return trials.empty() || std::find(trials.begin(), trials.end(), trial.name) != trials.end();
}

TrialRun CommandLine::run_of(const Trial& trial) const {
  std::map<std::string, int> values;
  for (const auto& setting : trial.settings) {
    const auto given = settings.find(setting.name);
    values[setting.name] = given != settings.end() ? given->second
                           : short_form            ? setting.short_form
                                                   : setting.long_form;
  }
  const auto usual = short_form ? trial.short_form : trial.long_form;
  const bool is_timed = usual > std::chrono::seconds::zero();
  return {trial.name, seed, is_timed ? duration.value_or(usual) : usual, values};
}

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine result;
  result.seed = random_seed();
  for (auto next = arguments.begin(); next != arguments.end(); ++next) {
    const auto& argument = *next;
    const auto value = [&]() -> const std::string& {
      if (++next == arguments.end()) throw std::invalid_argument(argument + " takes a value");
      return *next;
    };
    if (argument == "--list") {
      result.list = true;
    } else if (argument == "--short") {
      result.short_form = true;
    } else if (argument == "--seed") {
      result.seed = number_in<std::uint64_t>(value(), "--seed");
    } else if (argument == "--duration") {
      result.duration = std::chrono::seconds{number_in<std::uint32_t>(value(), "--duration")};
    } else if (argument == "--server") {
      result.server = value();
    } else if (argument.rfind("-", 0) == 0) {
      throw std::invalid_argument("there is no option " + argument);
    } else if (const auto equals = argument.find('='); equals != std::string::npos) {
      take_setting(argument, equals, result);
    } else {
      result.trials.push_back(argument);
    }
  }
  check(result);
  return result;
}

}  // namespace flowdb::reliability
