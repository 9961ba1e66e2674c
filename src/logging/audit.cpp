#include "logging/audit.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <unistd.h>

#include <flowdb/logging.hpp>
#include <flowdb/run_context.hpp>

#include "core/iso_time.hpp"
#include "logging/run_defaults.hpp"

namespace flowdb {
namespace logging {
namespace {

/// An audit log in force: where to, who if the RunContext does not say, and whether a failure was
/// told of.
struct AuditLog {
  std::shared_ptr<spdlog::logger> logger;
  RunContext::Fields defaults;
  std::atomic<bool> is_failure_told{false};

  void tell_of_failure(const std::string& reason) noexcept {
    if (!is_failure_told.exchange(true)) {
      write(Level::error,
            "audit=incomplete a record could not be written, and this is said once: " + reason);
    }
  }
};

std::atomic<AuditLog*> current{nullptr};

/// Former ones are kept, as another thread may be writing to one of them.
void keep(std::unique_ptr<AuditLog> log) {
  static auto* const kept = new std::vector<std::unique_ptr<AuditLog>>;
  static auto* const mutex = new std::mutex;
  const std::lock_guard lock{*mutex};
  auto* const chosen = log.get();
  if (log != nullptr) {
    kept->push_back(std::move(log));
  }
  current.store(chosen, std::memory_order_release);
}

void add(nlohmann::ordered_json& line, const char* name, std::string_view value,
         std::string_view usual = {}) {
  if (const auto text = value.empty() ? usual : value; !text.empty()) {
    line[name] = text;
  }
}

std::string line_of(const Operation& operation, const RunContext::Fields& defaults) {
  const auto& context = RunContext::current();
  const auto begun =
      std::chrono::system_clock::now() -
      std::chrono::duration_cast<std::chrono::system_clock::duration>(operation.duration);
  nlohmann::ordered_json line;
  line["time"] = core::iso_time(begun);
  add(line, "user", context.user, defaults.user);
  add(line, "flow", context.flow, defaults.flow);
  add(line, "task", context.task);
  add(line, "run_id", context.run_id, defaults.run_id);
  line["process"] = getpid();
  line["database"] = operation.database_name;
  line["operation"] = operation.name;
  add(line, "statement", operation.fingerprint);
  line["attempt"] = operation.attempt;
  line["outcome"] = operation.outcome;
  add(line, "error", operation.error_class);
  add(line, "sqlstate", operation.sqlstate);
  if (operation.retried) {
    line["retried"] = true;
  }
  line["rows"] = operation.rows;
  line["duration_ms"] = static_cast<double>(operation.duration.count() / 1000) / 1000;
  // A context of the flow's may hold any bytes.
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void audit(const Operation& operation) noexcept {
  if (current.load(std::memory_order_relaxed) == nullptr) {
    return;
  }
  auto* const log = current.load(std::memory_order_acquire);
  if (log == nullptr) {
    return;
  }
  try {
    const auto line = line_of(operation, log->defaults);
    log->logger->info(spdlog::string_view_t{line.data(), line.size()});
  } catch (const std::exception& error) {
    log->tell_of_failure(error.what());
  } catch (...) {
    log->tell_of_failure("unknown reason");
  }
}

}  // namespace logging
}  // namespace flowdb

void flowdb::set_audit_logger(std::shared_ptr<spdlog::logger> logger) {
  using logging::AuditLog;
  if (logger == nullptr) {
    logging::keep(nullptr);
    return;
  }
  auto log = std::make_unique<AuditLog>();
  log->defaults = logging::run_defaults();
  log->logger = std::move(logger);
  log->logger->set_pattern("%v");
  log->logger->set_level(spdlog::level::info);
  log->logger->set_error_handler(
      [kept = log.get()](const std::string& reason) { kept->tell_of_failure(reason); });
  logging::keep(std::move(log));
}
