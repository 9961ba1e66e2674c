#include "config/setting_reader.hpp"

#include <flowdb/error.hpp>

#include "config/variable_name.hpp"

namespace flowdb::config {
namespace {

constexpr int kHighestCount = 10'000;
constexpr std::chrono::milliseconds kLongest = std::chrono::hours{24} * 365 * 100;

}  // namespace

SettingReader::SettingReader(const std::string& database_name, const ConfigManager& config)
    : database_name_(database_name), config_(config) {}

std::string SettingReader::key(std::string_view suffix) const {
  return variable_part(database_name_) + "_" + std::string{suffix};
}

std::string SettingReader::variable(std::string_view suffix) const {
  return config_.variable_in_force(key(suffix));
}

std::optional<SettingReader::Configured> SettingReader::integer(const IntegerRule& rule) const {
  for (const auto& name : {key(rule.key), std::string{rule.shared_key}}) {
    const auto value = name.empty()       ? std::nullopt
                       : rule.minimum > 0 ? config_.get_positive_integer(name)
                                          : config_.get_non_negative_integer(name);
    if (value) {
      return Configured{*value, name};
    }
  }
  return std::nullopt;
}

int SettingReader::count(const IntegerRule& rule, std::optional<int> option, int fallback) const {
  const auto limits =
      "from " + std::to_string(rule.minimum) + " to " + std::to_string(kHighestCount);
  if (option) {
    if (*option < rule.minimum || *option > kHighestCount) {
      refuse_option(rule.option, "must be " + limits + ", got: " + std::to_string(*option));
    }
    return *option;
  }
  const auto configured = integer(rule);
  if (configured && configured->value > kHighestCount) {
    refuse(config_.variable_in_force(configured->key) + " must be " + limits + ", got: '" +
           std::to_string(configured->value) + "'");
  }
  return configured ? configured->value : fallback;
}

std::chrono::milliseconds SettingReader::duration(const IntegerRule& rule,
                                                  std::optional<std::chrono::milliseconds> option,
                                                  std::chrono::milliseconds fallback,
                                                  std::chrono::milliseconds unit) const {
  if (option) {
    if (option->count() < rule.minimum || *option > kLongest) {
      refuse_option(rule.option,
                    std::string{"must "} +
                        (rule.minimum > 0 ? "be more than 0" : "not be negative") +
                        " and at most 100 years, got: " + std::to_string(option->count()) + " ms");
    }
    return *option;
  }
  const auto configured = integer(rule);
  return configured ? configured->value * unit : fallback;
}

std::string SettingReader::text(std::string_view suffix) const {
  return config_.get_or(key(suffix), "");
}

bool SettingReader::flag(std::string_view suffix, std::optional<bool> option) const {
  return option ? *option : config_.get_boolean(key(suffix)).value_or(false);
}

void SettingReader::refuse_option(std::string_view option, const std::string& rule) const {
  throw InvalidArgument(
      "DatabaseOptions::" + std::string{option} + " of '" + database_name_ + "' " + rule,
      {.database_name = database_name_});
}

void SettingReader::refuse(const std::string& message) const {
  throw ConfigurationError(message, {.database_name = database_name_});
}

}  // namespace flowdb::config
