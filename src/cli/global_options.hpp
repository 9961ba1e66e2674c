#pragma once

#include <string>

namespace flowdb::cli {

/// What every command takes, before or behind its name.
struct GlobalOptions {
  std::string database;
  std::string project_root;
  std::string environment;
  std::string flow;
  std::string directory;
  bool json = false;
  bool no_color = false;
  bool quiet = false;
  bool verbose = false;
};

}  // namespace flowdb::cli
