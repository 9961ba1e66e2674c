#include "logging/log.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <flowdb/logging.hpp>
#include <flowdb/run_context.hpp>

#include "logging/access_watch.hpp"
#include "logging/audit.hpp"

namespace flowdb {
namespace logging {
namespace {

/// The logger in force. Former ones are kept, as another thread may be writing to one of them, and
/// all of it is left to the operating system at exit, as threads may log until the very end.
class LoggerSlot {
 public:
  static LoggerSlot& instance() {
    static auto* slot = new LoggerSlot;
    return *slot;
  }

  spdlog::logger& get() const noexcept { return *current_.load(std::memory_order_acquire); }

  /// nullptr: the default one.
  void set(std::shared_ptr<spdlog::logger> logger) {
    const std::lock_guard lock{mutex_};
    auto* const chosen = logger != nullptr ? logger.get() : kept_.front().get();
    if (logger != nullptr) {
      kept_.push_back(std::move(logger));
    }
    current_.store(chosen, std::memory_order_release);
  }

 private:
  LoggerSlot() {
    kept_.push_back(std::make_shared<spdlog::logger>(
        "flowdb", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    current_.store(kept_.front().get());
  }

  std::mutex mutex_;
  std::vector<std::shared_ptr<spdlog::logger>> kept_;  // the default one first
  std::atomic<spdlog::logger*> current_{nullptr};
};

spdlog::level::level_enum to_spdlog(Level level) noexcept {
  switch (level) {
    case Level::trace:
      return spdlog::level::trace;
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    text.append(" ").append(name).append("=").append(value);
  }
}

void append_context(std::string& text) {
  const auto& context = RunContext::current();
  append_field(text, "flow", context.flow);
  append_field(text, "task", context.task);
  append_field(text, "run_id", context.run_id);
  append_field(text, "user", context.user);
}

Level level_of(const Operation& operation) noexcept {
  if (operation.failed && !operation.retried) {
    return Level::error;
  }
  return operation.slow || operation.retried ? Level::warning : Level::debug;
}

std::string milliseconds(std::chrono::nanoseconds duration) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  std::string fraction = std::to_string(microseconds % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(microseconds / 1000) + "." + fraction;
}

}  // namespace

bool is_enabled(Level level) noexcept {
  return LoggerSlot::instance().get().should_log(to_spdlog(level));
}

void write(Level level, std::string_view message) noexcept {
  try {
    auto& logger = LoggerSlot::instance().get();
    if (!logger.should_log(to_spdlog(level))) {
      return;
    }
    std::string text{message};
    append_context(text);
    logger.log(to_spdlog(level), spdlog::string_view_t{text.data(), text.size()});
  } catch (...) {
    // A record that cannot be written must not fail the operation that it tells of.
  }
}

void record(const Operation& operation) noexcept {
  audit(operation);
  watch_access(operation);
  const Level level = level_of(operation);
  if (!is_enabled(level)) {
    return;
  }
  try {
    std::string text;
    text.append("database=").append(operation.database_name);
    append_field(text, "operation", operation.name);
    append_field(text, "outcome", operation.outcome);
    append_field(text, "rows", std::to_string(operation.rows));
    append_field(text, "duration_ms", milliseconds(operation.duration));
    append_field(text, "attempt", std::to_string(operation.attempt));
    if (!operation.failed && operation.slow) {
      append_field(text, "slow", "true");
    }
    if (!operation.fingerprint.empty()) {
      text.append(" statement=\"").append(operation.fingerprint).append("\"");
    }
    write(level, text);
  } catch (...) {
    // As in write().
  }
}

}  // namespace logging
}  // namespace flowdb

void flowdb::set_logger(std::shared_ptr<spdlog::logger> logger) {
  logging::LoggerSlot::instance().set(std::move(logger));
}
