#pragma once

#include <string>
#include <system_error>

namespace flowdb::migration {

/// Replaces `contents` by the file's. Costs three system calls, since thousands of files are read
/// at every start of a program.
std::error_code read_file(const char* path, std::string& contents);

}  // namespace flowdb::migration
