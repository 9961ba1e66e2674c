#include "cli/progress_display.hpp"

#include <iostream>

#include <unistd.h>

#include "cli/terminal.hpp"

namespace flowdb::cli {

namespace {

using Clock = std::chrono::steady_clock;
using Step = MigrationProgress::Step;

std::string elapsed_since(Clock::time_point moment) {
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - moment).count();
  if (elapsed < 1000) return std::to_string(elapsed) + " ms";
  return std::to_string(elapsed / 1000) + "." + std::to_string(elapsed % 1000 / 100) + " s";
}

std::string numbered(const MigrationProgress& progress) {
  return "[" + std::to_string(progress.number) + "/" + std::to_string(progress.total) + "] " +
         progress.script;
}

}  // namespace

ProgressDisplay::ProgressDisplay(const GlobalOptions& options)
    : is_quiet_(options.quiet), is_terminal_(isatty(STDERR_FILENO) == 1) {}

std::function<void(const MigrationProgress&)> ProgressDisplay::listener() {
  if (is_quiet_) return {};
  return [this](const MigrationProgress& progress) { show(progress); };
}

void ProgressDisplay::show(const MigrationProgress& progress) {
  if (progress.step == Step::waiting) {
    if (!is_waiting_) show_line("another process applies migrations, waiting …");
    is_waiting_ = true;
    return;
  }
  is_waiting_ = false;
  if (progress.script != script_) {
    script_ = progress.script;
    begun_ = Clock::now();
  }
  if (progress.step == Step::applied) {
    show_line(numbered(progress) + " applied in " + elapsed_since(begun_));
    script_.clear();
  } else if (progress.step == Step::retrying) {
    show_line(numbered(progress) + " was rolled back, since a lock was not free; trying again …");
  } else if (is_terminal_) {
    show_line(numbered(progress) + " statement " + std::to_string(progress.statement) + " of " +
              std::to_string(progress.statements) + ", line " + std::to_string(progress.line));
  }
}

void ProgressDisplay::show_line(const std::string& text) {
  clear_line();
  std::cerr << printable(text);
  if (!is_terminal_) std::cerr << '\n';
  std::cerr.flush();
  has_line_ = is_terminal_;
}

void ProgressDisplay::clear_line() {
  if (has_line_) std::cerr << "\r\x1b[K";
  has_line_ = false;
}

}  // namespace flowdb::cli
