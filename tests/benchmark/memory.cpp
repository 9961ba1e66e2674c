#include "memory.hpp"

#include <array>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flowdb::benchmark {
namespace {

/// A line of /proc/self/status in kB
/// (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).
double status_kilobytes(const std::string& name) {
  std::ifstream file{"/proc/self/status"};
  for (std::string word; file >> word;) {
    if (word == name + ":") {
      double kilobytes = 0;
      file >> kilobytes;
      return kilobytes;
    }
  }
  throw std::runtime_error("/proc/self/status does not tell " + name);
}

void reset_peak() {
  std::ofstream file{"/proc/self/clear_refs"};
  file << 5 << std::flush;
  if (!file) {
    throw std::runtime_error("the kernel does not let VmHWM be reset");
  }
}

double growth_of(const std::function<void()>& warm_up, const std::function<void()>& body) {
  warm_up();
  malloc_trim(0);  // what is free must not hide what the body takes
  reset_peak();
  const double before = status_kilobytes("VmRSS");
  body();
  return (status_kilobytes("VmHWM") - before) / 1024;
}

}  // namespace

double peak_memory_growth(const std::function<void()>& warm_up, const std::function<void()>& body) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) {
    throw std::runtime_error("no pipe for the memory measurement");
  }
  const pid_t child = fork();
  if (child == 0) {
    try {
      const double growth = growth_of(warm_up, body);
      _exit(write(ends[1], &growth, sizeof growth) == sizeof growth ? 0 : 1);
    } catch (const std::exception& error) {
      std::cerr << error.what() << std::endl;
    }
    _exit(1);
  }
  close(ends[1]);
  double growth = 0;
  const bool answered = read(ends[0], &growth, sizeof growth) == sizeof growth;
  close(ends[0]);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0 || !answered) {
    throw std::runtime_error("the process for the memory measurement failed");
  }
  return growth;
}

}  // namespace flowdb::benchmark
