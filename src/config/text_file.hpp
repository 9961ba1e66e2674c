#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace flowdb::config {

/// The bytes of a file. On failure `error` says why and the result is empty; a directory and a file
/// of more than 1 MiB are failures, since neither is a setting.
std::string read_text_file(const std::filesystem::path& path, std::error_code& error);

}  // namespace flowdb::config
