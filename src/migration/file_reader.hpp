#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace flowdb::migration {

/// Reads one file after another with four system calls each and into the same memory, since
/// thousands of them are read at every start of a program.
class FileReader {
 public:
  /// The file's contents, until the next call; empty when `error` is set.
  std::string_view read(const char* path, std::error_code& error);

 private:
  std::string buffer_;
};

}  // namespace flowdb::migration
