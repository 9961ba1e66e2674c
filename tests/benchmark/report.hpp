#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness.hpp"

namespace flowdb::benchmark {

/// The table for people, line by line as the figures come, and the same as
/// JSON.
class Report {
 public:
  /// `facts`: where and on what was measured.
  Report(std::ostream& out, nlohmann::json facts);
  void add(const Workload& workload, const std::vector<Figures>& figures);
  /// \throws std::runtime_error when the file cannot be written.
  void save(const std::string& path) const;
  /// What ratios.gp draws. \throws as save().
  void save_ratios(const std::string& path) const;

 private:
  std::ostream& out_;
  nlohmann::json document_;
};

}  // namespace flowdb::benchmark
