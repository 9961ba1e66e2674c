#include <algorithm>
#include <system_error>
#include <utility>

#include <flowdb/config.hpp>
#include <flowdb/error.hpp>

#include "config/environment_file.hpp"
#include "config/plain_value.hpp"
#include "config/text_file.hpp"
#include "config/variable_name.hpp"
#include "core/ascii.hpp"

namespace flowdb {
namespace {

using config::process_variable;

constexpr std::string_view kProcessEnvironment = "process environment";

std::string resolve_environment(const std::string& given) {
  const auto rule = " may hold " + std::string{config::kNameRule};
  if (!given.empty()) {
    if (!config::is_plain_name(given)) {
      throw InvalidArgument("ConfigOptions::environment" + rule);
    }
    return given;
  }
  for (const std::string variable : {"FLOWDB_ENVIRONMENT", "PREFECT_ENVIRONMENT"}) {
    auto value = process_variable(variable).value_or("");
    if (!value.empty() && !config::is_plain_name(value)) {
      throw ConfigurationError(variable + rule);
    }
    if (!value.empty()) {
      return value;
    }
  }
  return "development";
}

std::filesystem::path resolve_project_root(const std::filesystem::path& given) {
  std::string source = "ConfigOptions::project_root";
  auto root = given;
  if (root.empty()) {
    source = "FLOWDB_PROJECT_ROOT";
    root = process_variable(source).value_or("");
  }
  if (root.empty()) {
    return std::filesystem::current_path();
  }
  std::error_code error;
  if (!std::filesystem::is_directory(root, error)) {
    throw ConfigurationError(source + " is not a directory: " + root.generic_string());
  }
  return std::filesystem::absolute(root);
}

/// Without one line ending at its end.
std::string without_line_end(std::string text) {
  if (!text.empty() && text.back() == '\n') {
    text.pop_back();
    if (!text.empty() && text.back() == '\r') {
      text.pop_back();
    }
  }
  return text;
}

}  // namespace

struct ConfigManager::Contents {
  struct Found {
    std::string variable;
    std::string value;
    bool may_be_secret = false;  ///< from a credential provider or a secret's file
  };

  std::string flow_name;
  std::string environment;
  std::filesystem::path project_root;
  CredentialProvider credential_provider;
  config::EnvironmentFile global_file;
  config::EnvironmentFile flow_file;

  std::string variable(std::string_view scope, std::string_view key) const {
    return config::variable_part(environment) + "_" + config::variable_part(scope) + "_" +
           config::variable_part(key);
  }

  std::optional<Found> find(std::string_view key) const {
    if (key.empty()) {
      throw InvalidArgument("A configuration key must not be empty");
    }
    std::optional<Found> found;
    if (!flow_name.empty()) {
      found = find_variable(variable(flow_name, key));
    }
    return found ? found : find_variable(variable("GLOBAL", key));
  }

  [[noreturn]] static void refuse(const Found& found, const std::string& rule) {
    constexpr std::size_t kLongestShown = 40;
    const auto& value = found.value;
    const bool is_shown = !found.may_be_secret && value.size() <= kLongestShown &&
                          std::none_of(value.begin(), value.end(), is_control);
    throw ConfigurationError(found.variable + " must " + rule +
                             (is_shown ? ", got: '" + value + "'" : std::string{}));
  }

 private:
  std::optional<Found> find_variable(const std::string& name) const {
    if (credential_provider) {
      if (auto value = credential_provider(name)) {
        return Found{name, std::move(*value), true};
      }
    }
    auto found = find_in_place(name, kProcessEnvironment, process_variable);
    for (const auto* file : {&flow_file, &global_file}) {
      if (!found) {
        found = find_in_place(name, file->shown_name, [file](std::string_view wanted) {
          const auto entry = file->values.find(wanted);
          return entry == file->values.end() ? std::nullopt : std::optional{entry->second.reveal()};
        });
      }
    }
    return found;
  }

  template <typename Lookup>
  std::optional<Found> find_in_place(const std::string& name, std::string_view place,
                                     const Lookup& lookup) const {
    auto value = lookup(name);
    const auto file_variable = name + "_FILE";
    const auto file = lookup(file_variable).value_or("");
    if (file.empty()) {
      return value ? std::optional{Found{name, std::move(*value)}} : std::nullopt;
    }
    if (!value.value_or("").empty()) {
      throw ConfigurationError("Both " + name + " and " + file_variable + " are set in " +
                               std::string{place} + "; set one of them");
    }
    std::error_code error;
    auto text = config::read_text_file(project_root / file, error);
    if (error) {
      throw ConfigurationError("The file that " + file_variable + " names (set in " +
                               std::string{place} + ") cannot be read: " + error.message());
    }
    return Found{name, without_line_end(std::move(text)), true};
  }
};

ConfigManager::ConfigManager(ConfigOptions options) {
  if (!options.flow_name.empty() && !config::is_plain_name(options.flow_name)) {
    throw InvalidArgument("ConfigOptions::flow_name may hold " + std::string{config::kNameRule});
  }
  auto contents = std::make_shared<Contents>();
  contents->flow_name = std::move(options.flow_name);
  contents->environment = resolve_environment(options.environment);
  contents->project_root = resolve_project_root(options.project_root);
  contents->credential_provider = std::move(options.credential_provider);

  const auto file_name = ".env." + contents->environment;
  const auto& root = contents->project_root;
  auto& global = contents->global_file;
  global = config::load_environment_file(root, "core/envs/" + file_name);
  if (!contents->flow_name.empty()) {
    contents->flow_file = config::load_environment_file(
        root, "flows/" + contents->flow_name + "/" + file_name, global.values);
  }
  contents_ = std::move(contents);
}

const std::string& ConfigManager::flow_name() const noexcept {
  return contents_->flow_name;
}
const std::string& ConfigManager::environment() const noexcept {
  return contents_->environment;
}
const std::filesystem::path& ConfigManager::project_root() const noexcept {
  return contents_->project_root;
}

std::optional<std::string> ConfigManager::get(std::string_view key) const {
  auto found = contents_->find(key);
  return found ? std::optional{std::move(found->value)} : std::nullopt;
}

std::string ConfigManager::get_or(std::string_view key, std::string_view fallback) const {
  return get(key).value_or(std::string{fallback});
}

std::optional<int> ConfigManager::get_positive_integer(std::string_view key) const {
  const auto found = contents_->find(key);
  const auto number = found ? config::to_integer(found->value) : std::nullopt;
  if (found && number.value_or(0) < 1) {
    Contents::refuse(*found, "be a positive integer");
  }
  return number;
}

std::optional<int> ConfigManager::get_non_negative_integer(std::string_view key) const {
  const auto found = contents_->find(key);
  const auto number = found ? config::to_integer(found->value) : std::nullopt;
  if (found && number.value_or(-1) < 0) {
    Contents::refuse(*found, number ? "not be negative" : "be an integer and must not be negative");
  }
  return number;
}

std::optional<bool> ConfigManager::get_boolean(std::string_view key) const {
  const auto found = contents_->find(key);
  const auto value = found ? config::to_boolean(found->value) : std::nullopt;
  if (found && !value) {
    Contents::refuse(*found, "be true, 1, yes, on or enabled, or false, 0, no, off or disabled");
  }
  return value;
}

std::string ConfigManager::global_variable(std::string_view key) const {
  return contents_->variable("GLOBAL", key);
}

std::string ConfigManager::variable_in_force(std::string_view key) const {
  const auto found = contents_->find(key);
  return found ? found->variable : global_variable(key);
}

std::string ConfigManager::places_searched() const {
  std::string places{contents_->credential_provider ? "credential provider, " : ""};
  places += kProcessEnvironment;
  if (contents_->flow_file.exists) {
    places += ", " + contents_->flow_file.shown_name;
  }
  return places + ", " + contents_->global_file.shown_name;
}

}  // namespace flowdb
