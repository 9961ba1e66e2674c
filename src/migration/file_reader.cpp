#include "migration/file_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <unistd.h>

namespace flowdb::migration {

namespace {

/// Most scripts are shorter, so that the second read finds the end.
constexpr std::size_t kFirstRead = std::size_t{16} * 1024;

/// A file descriptor of this scope's.
class OpenFile {
 public:
  explicit OpenFile(const char* path) : descriptor_(open(path, O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

std::string_view FileReader::read(const char* path, std::error_code& error) {
  const OpenFile file{path};
  std::size_t filled = 0;
  buffer_.resize(std::max(buffer_.size(), kFirstRead));
  while (file.descriptor() >= 0) {
    const auto count = ::read(file.descriptor(), buffer_.data() + filled, buffer_.size() - filled);
    if (count == 0) {
      error.clear();
      return {buffer_.data(), filled};
    }
    if (count < 0 && errno != EINTR) break;
    if (count > 0) filled += static_cast<std::size_t>(count);
    if (filled == buffer_.size()) buffer_.resize(filled * 2);
  }
  error = {errno, std::generic_category()};
  return {};
}

}  // namespace flowdb::migration
