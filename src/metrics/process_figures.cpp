#include "metrics/process_figures.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

namespace flowdb::metrics {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void read_usage(ProcessFigures& figures) {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    figures.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    figures.max_files = limit.rlim_cur;
  }
}

void read_memory(ProcessFigures& figures) {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  const auto page = sysconf(_SC_PAGESIZE);
  if (page > 0 && file >> total >> resident) {
    figures.virtual_bytes = total * static_cast<std::uint64_t>(page);
    figures.resident_bytes = resident * static_cast<std::uint64_t>(page);
  }
}

void read_open_files(ProcessFigures& figures) {
  std::error_code failure;
  std::uint64_t count = 0;
  std::filesystem::directory_iterator entry{"/proc/self/fd", failure};
  for (; !failure && entry != std::filesystem::directory_iterator{}; entry.increment(failure)) {
    ++count;
  }
  if (!failure && count > 0) {
    figures.open_files = count - 1;  // one is the listing's own
  }
}

/// Seconds since 1970 at which the machine started.
std::optional<double> boot_time() {
  std::ifstream file{"/proc/stat"};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) {
      return std::stod(line.substr(6));
    }
  }
  return std::nullopt;
}

/// The 22nd word is the start in ticks since the machine's. The second one is the program's name in
/// parentheses, which may hold anything.
std::optional<double> start_after_boot() {
  std::ifstream file{"/proc/self/stat"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto end_of_name = text.rfind(')');
  const auto ticks_per_second = sysconf(_SC_CLK_TCK);
  if (end_of_name == std::string::npos || ticks_per_second <= 0) {
    return std::nullopt;
  }
  std::istringstream rest{text.substr(end_of_name + 1)};
  constexpr int kWordsBetween = 19;
  std::string word;
  for (int i = 0; i < kWordsBetween; ++i) {
    rest >> word;
  }
  double ticks = 0;
  if (!(rest >> ticks)) {
    return std::nullopt;
  }
  return ticks / static_cast<double>(ticks_per_second);
}

}  // namespace

ProcessFigures process_figures() {
  ProcessFigures figures;
  read_usage(figures);
  read_memory(figures);
  read_open_files(figures);
  const auto boot = boot_time();
  const auto start = start_after_boot();
  if (boot && start) {
    figures.start_time = *boot + *start;
  }
  return figures;
}

}  // namespace flowdb::metrics
