#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/exit_code.hpp"
#include "cli/global_options.hpp"
#include "cli/invocation.hpp"

namespace flowdb::cli {

/// The `flowdb` command: its arguments, and which of its commands they ask for.
class Program {
 public:
  using Action = std::function<ExitCode(const Invocation&)>;

  Program();

  /// Adds a command; its options are added to what this returns.
  CLI::App& add(const std::string& name, const std::string& description, Action action);

  /// The words that may stand behind a command: its own options, `--target`.
  struct Words {
    std::string command;
    std::vector<std::string> options;
  };
  /// Of each command, in their order; the first, without a name, has the options of all.
  std::vector<Words> words() const;

  /// What the arguments ask for, done; every failure has been told by then.
  ExitCode run(int argument_count, const char* const* arguments);

 private:
  ExitCode tell_wrong_call(const CLI::ParseError& error);
  ExitCode act();

  CLI::App app_;
  GlobalOptions options_;
  Action action_;  // of the command that the arguments name
};

}  // namespace flowdb::cli
