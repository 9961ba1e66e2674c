#include "cli/check/finding.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace flowdb::cli::check {

const char* to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::good:
      return "good";
    case Verdict::warning:
      return "warning";
    case Verdict::bad:
      break;
  }
  return "bad";
}

nlohmann::json Finding::to_json() const {
  return {{"about", about},
          {"verdict", to_string(verdict)},
          {"text", text},
          {"remedy", remedy.empty() ? nlohmann::json{} : nlohmann::json(remedy)}};
}

void Findings::good(std::string about, std::string text) {
  all_.push_back({std::move(about), Verdict::good, std::move(text), {}});
}

void Findings::warning(std::string about, std::string text, std::string remedy) {
  all_.push_back({std::move(about), Verdict::warning, std::move(text), std::move(remedy)});
}

void Findings::bad(std::string about, std::string text, std::string remedy) {
  all_.push_back({std::move(about), Verdict::bad, std::move(text), std::move(remedy)});
}

Verdict Findings::worst() const noexcept {
  auto worst = Verdict::good;
  for (const auto& finding : all_) worst = std::max(worst, finding.verdict);
  return worst;
}

nlohmann::json Findings::to_json(const std::string& database_name) const {
  auto list = nlohmann::json::array();
  for (const auto& finding : all_) list.push_back(finding.to_json());
  return {{"database_name", database_name},
          {"verdict", to_string(worst())},
          {"findings", std::move(list)}};
}

}  // namespace flowdb::cli::check
