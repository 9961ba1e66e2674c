#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

namespace flowdb::test {

/// Sends what anybody in this process writes to standard output and standard error, by whatever
/// way, into a file for as long as it lives.
class OutputCapture {
 public:
  OutputCapture() {
    std::fflush(nullptr);
    const int file = mkstemp(path_.data());
    for (int i = 0; i < 2; ++i) {
      saved_[i] = dup(i + 1);
      dup2(file, i + 1);
    }
    close(file);
  }
  ~OutputCapture() {
    std::fflush(nullptr);
    for (int i = 0; i < 2; ++i) {
      dup2(saved_[i], i + 1);
      close(saved_[i]);
    }
    unlink(path_.c_str());
  }
  OutputCapture(const OutputCapture&) = delete;
  OutputCapture& operator=(const OutputCapture&) = delete;

  /// All that was written so far.
  std::string text() const {
    std::fflush(nullptr);
    std::ifstream file{path_};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

 private:
  std::string path_ = "/tmp/flowdb-output-XXXXXX";
  int saved_[2];
};

}  // namespace flowdb::test
