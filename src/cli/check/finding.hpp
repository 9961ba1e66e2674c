#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace flowdb::cli::check {

enum class Verdict { good, warning, bad };

/// `good`, `warning` or `bad`.
const char* to_string(Verdict verdict) noexcept;

/// What one look at a set-up has shown.
struct Finding {
  std::string about;  ///< `connection`
  Verdict verdict = Verdict::good;
  std::string text;    ///< what is so
  std::string remedy;  ///< what to do about it; empty where there is nothing to do

  nlohmann::json to_json() const;
};

/// All that was looked at, in the order in which one thing needs the other.
class Findings {
 public:
  void good(std::string about, std::string text);
  void warning(std::string about, std::string text, std::string remedy);
  void bad(std::string about, std::string text, std::string remedy);

  const std::vector<Finding>& all() const noexcept { return all_; }
  Verdict worst() const noexcept;
  nlohmann::json to_json(const std::string& database_name) const;

 private:
  std::vector<Finding> all_;
};

}  // namespace flowdb::cli::check
