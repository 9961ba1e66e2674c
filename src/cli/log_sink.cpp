#include "cli/log_sink.hpp"

#include <iostream>
#include <memory>
#include <mutex>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <flowdb/logging.hpp>

#include "cli/terminal.hpp"

namespace flowdb::cli {

namespace {

class WarningSink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (message.level != spdlog::level::warn) return;
    std::cerr << "flowdb: warning: " << printable({message.payload.data(), message.payload.size()})
              << '\n';
  }
  void flush_() override { std::cerr.flush(); }
};

}  // namespace

void log_to_stderr(bool all) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (all) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<WarningSink>();
  }
  auto logger = std::make_shared<spdlog::logger>("flowdb", std::move(sink));
  logger->set_level(all ? spdlog::level::debug : spdlog::level::warn);
  set_logger(std::move(logger));
}

}  // namespace flowdb::cli
