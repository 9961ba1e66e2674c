#include "cli/program.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <flowdb/version.hpp>

#include "cli/failure.hpp"
#include "cli/log_sink.hpp"

namespace flowdb::cli {

namespace {

constexpr const char* kFooter =
    "The database is configured as for a flow: by core/envs/.env.{environment} below the "
    "project's\n"
    "root and by the process environment. Exit codes: 0 done, 1 something was found (lint,\n"
    "validate, plan, check, health), 2 wrong call, 3 wrong configuration, 4 no connection, 5 a\n"
    "migration failed, 6 a statement failed, 7 outcome unknown, 8 anything else.";

/// The names of options alone, and no value: one could be a secret.
std::string name_of_first_option(const std::vector<std::string>& arguments) {
  const auto option = std::find_if(arguments.begin(), arguments.end(), [](const auto& argument) {
    return argument.size() > 1 && argument.front() == '-';
  });
  return option == arguments.end() ? std::string{} : option->substr(0, option->find('='));
}

}  // namespace

Program::Program() : app_("Migrations and health of flowdb's databases", "flowdb") {
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.footer(kFooter);
  app_.set_version_flag("--version", std::string{version()});
  app_.add_option("-d,--database", options_.database, "The database's name, as configured")
      ->envname("FLOWDB_DATABASE");
  app_.add_option("--project-root", options_.project_root, "The project's directory");
  app_.add_option("-e,--environment", options_.environment, "development unless configured");
  app_.add_option("--flow", options_.flow, "Whose settings come before the global ones");
  app_.add_option("--directory", options_.directory, "The migrations' directory");
  app_.add_flag("--json", options_.json, "Print one JSON document");
  app_.add_flag("--no-color", options_.no_color, "No colours (there are none but on a terminal)");
  app_.add_flag("-q,--quiet", options_.quiet, "No progress");
  app_.add_flag("-v,--verbose", options_.verbose, "Log what is done, to stderr");
}

std::vector<Program::Words> Program::words() const {
  const auto words_of = [](const CLI::App& command) {
    Words words{command.get_parent() == nullptr ? "" : command.get_name(), {}};
    for (const auto* option : command.get_options()) {
      for (const auto& name : option->get_lnames()) words.options.push_back("--" + name);
    }
    return words;
  };
  std::vector<Words> all{words_of(app_)};
  for (const auto* command : app_.get_subcommands([](const CLI::App*) { return true; })) {
    all.push_back(words_of(*command));
  }
  return all;
}

CLI::App& Program::add(const std::string& name, const std::string& description, Action action) {
  auto* command = app_.add_subcommand(name, description);
  command->callback([this, action = std::move(action)] { action_ = action; });
  return *command;
}

ExitCode Program::run(int argument_count, const char* const* arguments) {
  try {
    app_.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    return tell_wrong_call(error);
  }
  return act();
}

ExitCode Program::tell_wrong_call(const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {  // --help, --version
    app_.exit(error);
    return ExitCode::done;
  }
  std::string text;
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const auto name = name_of_first_option(app_.remaining(true));
    text = name.empty() ? "there is an argument too many, or an unknown command"
                        : "unknown option " + name;
  } else if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr ||
             dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    // The name of the option, without the value that could not be read.
    const std::string message = error.what();
    text = "the value of " + message.substr(0, message.find(':')) + " is not a good one";
  } else {
    text = error.what();
  }
  std::cerr << "flowdb: " << printable(text) << "\nflowdb --help tells more.\n";
  return ExitCode::wrong_call;
}

ExitCode Program::act() {
  const Terminal terminal{!options_.no_color && wants_colours(STDOUT_FILENO)};
  const Terminal error_terminal{!options_.no_color && wants_colours(STDERR_FILENO)};
  log_to_stderr(options_.verbose);
  const Invocation invocation{options_, std::cout, terminal};
  auto exit_code = ExitCode::unexpected;
  try {
    exit_code = action_(invocation);
    if (!std::cout.flush()) throw std::runtime_error("The output cannot be written.");
  } catch (const std::exception&) {
    const auto failure = describe(std::current_exception());
    exit_code = failure.exit_code;
    if (options_.json) invocation.print(failure.to_json());
    std::cerr << error_terminal.styled(Style::bad, "flowdb:") << ' ' << printable(failure.message)
              << '\n';
  }
  return exit_code;
}

}  // namespace flowdb::cli
