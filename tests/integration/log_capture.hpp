#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <flowdb/logging.hpp>

namespace flowdb::test {

/// Takes flowdb's records, of every level, for as long as it lives. Thread-safe.
class LogCapture {
 public:
  LogCapture() {
    auto logger = std::make_shared<spdlog::logger>("capture", sink_);
    logger->set_level(spdlog::level::trace);
    logger->set_pattern("%l %v");
    set_logger(logger);
  }
  ~LogCapture() { set_logger(nullptr); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  /// `level text`, one for each record, in order.
  std::vector<std::string> records() { return sink_->records(); }
  /// The records that contain `part`.
  std::vector<std::string> with(const std::string& part) {
    auto found = records();
    std::erase_if(found,
                  [&](const auto& record) { return record.find(part) == std::string::npos; });
    return found;
  }

 private:
  class Sink : public spdlog::sinks::base_sink<std::mutex> {
   public:
    std::vector<std::string> records() {
      const std::lock_guard lock{mutex_};
      return records_;
    }

   protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
      spdlog::memory_buf_t text;
      formatter_->format(message, text);
      records_.emplace_back(text.data(), text.size() - 1);  // without the line's end
    }
    void flush_() override {}

   private:
    std::vector<std::string> records_;
  };

  std::shared_ptr<Sink> sink_ = std::make_shared<Sink>();
};

}  // namespace flowdb::test
