#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/temporary_directory.hpp"

namespace flowdb::test_support {

struct CommandResult {
  int exit_code = 0;
  std::string out;
  std::string error;
};

/// Where the command's standard output goes.
enum class CommandOutput { pipe, terminal, full_device };

/// Runs the `flowdb` command of this build with its own environment: `variables` beside PATH and
/// TERM. Throws std::runtime_error when it cannot be run or does not end in time.
CommandResult run_command(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& variables = {},
                          CommandOutput output = CommandOutput::pipe);

/// A project as the command finds it, in a temporary directory.
class CommandProject {
 public:
  /// rpa_db is configured with that URL, unless it is empty.
  explicit CommandProject(const std::string& url = {});

  /// A migration of rpa_db.
  void write(const std::string& script, std::string_view contents) const;
  /// `lines`: further ones of the settings' file.
  void configure(const std::string& url, const std::string& lines = {}) const;
  std::filesystem::path migrations() const { return root_.path() / "migrations" / "rpa_db"; }

  /// Runs the command for this project.
  CommandResult run(std::vector<std::string> arguments,
                    CommandOutput output = CommandOutput::pipe) const;
  /// Runs a line of bash, with `flowdb` on its PATH, in the project's directory.
  CommandResult run_in_shell(const std::string& line) const;

 private:
  TemporaryDirectory root_{"project"};
};

}  // namespace flowdb::test_support
