#pragma once

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/audit_capture.hpp"
#include "integration/log_capture.hpp"
#include "integration/output_capture.hpp"

namespace flowdb::test {

/// Gathers all that a process says – exceptions, log records of every level, audit lines, standard
/// output and error – and looks for what must not be there.
class CanaryWatch {
 public:
  /// `action` must throw; what it throws is gathered, nested exceptions included.
  void fails(const std::function<void()>& action) {
    try {
      action();
    } catch (const std::exception& error) {
      gather(error);
      return;
    }
    unexpected_.push_back("nothing was thrown after: " + (said_.empty() ? "" : said_.back()));
  }
  void says(std::string text) { said_.push_back(std::move(text)); }

  LogCapture& log() { return log_; }

  /// What was said and holds one of the canaries. Ends the capture of the output.
  std::vector<std::string> leaks(const std::vector<std::string>& canaries) {
    if (output_) says(output_->text());
    output_.reset();
    for (const auto& problem : unexpected_) ADD_FAILURE() << problem;
    auto all = log_.records();
    all.insert(all.end(), said_.begin(), said_.end());
    const auto audited = audit_.lines();
    all.insert(all.end(), audited.begin(), audited.end());
    std::erase_if(all, [&](const std::string& text) {
      return std::none_of(canaries.begin(), canaries.end(), [&](const std::string& canary) {
        return text.find(canary) != std::string::npos;
      });
    });
    return all;
  }

 private:
  void gather(const std::exception& error) {
    says(error.what());
    if (const auto* facts = dynamic_cast<const FailureFacts*>(&error)) {
      says(facts->facts().server_message);
      says(facts->facts().hint);
      says(facts->facts().context);
      says(facts->facts().constraint);
    }
    try {
      std::rethrow_if_nested(error);
    } catch (const std::exception& cause) {
      gather(cause);
    }
  }

  std::vector<std::string> said_;
  std::vector<std::string> unexpected_;
  LogCapture log_;
  AuditCapture audit_;
  std::optional<OutputCapture> output_{std::in_place};
};

}  // namespace flowdb::test
