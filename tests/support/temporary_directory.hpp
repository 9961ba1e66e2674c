#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace flowdb::test_support {

/// An empty directory of one's own, `flowdb-{purpose}-…` where the system keeps such things; gone
/// with all that is in it when this goes.
class TemporaryDirectory {
 public:
  /// \throws std::system_error when none can be made.
  explicit TemporaryDirectory(std::string_view purpose) {
    auto pattern = (std::filesystem::temp_directory_path() / "flowdb-").string();
    pattern += purpose;
    pattern += "-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), "mkdtemp " + pattern);
    }
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace flowdb::test_support
