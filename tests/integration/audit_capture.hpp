#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <flowdb/logging.hpp>

namespace flowdb::test {

/// Takes flowdb's audit lines for as long as it lives. Thread-safe.
class AuditCapture {
 public:
  AuditCapture() { set_audit_logger(std::make_shared<spdlog::logger>("audit", sink_)); }
  ~AuditCapture() { set_audit_logger(nullptr); }
  AuditCapture(const AuditCapture&) = delete;
  AuditCapture& operator=(const AuditCapture&) = delete;

  /// In order, without their ends.
  std::vector<std::string> lines() { return sink_->lines(); }

 private:
  class Sink : public spdlog::sinks::base_sink<std::mutex> {
   public:
    std::vector<std::string> lines() {
      const std::lock_guard lock{mutex_};
      return lines_;
    }

   protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
      spdlog::memory_buf_t text;
      formatter_->format(message, text);
      lines_.emplace_back(text.data(), text.size() - 1);
    }
    void flush_() override {}

   private:
    std::vector<std::string> lines_;
  };

  std::shared_ptr<Sink> sink_ = std::make_shared<Sink>();
};

}  // namespace flowdb::test
