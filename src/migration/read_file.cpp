#include "migration/read_file.hpp"

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

std::error_code read_file(const char* path, std::string& contents) {
  const OpenFile file{path};
  if (file.descriptor() < 0) return {errno, std::generic_category()};
  std::size_t filled = 0;
  contents.resize(kFirstRead);
  while (true) {
    const auto count = read(file.descriptor(), contents.data() + filled, contents.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {errno, std::generic_category()};
    filled += static_cast<std::size_t>(count);
    // A read that is shorter than the space is the last one of a regular file; the next costs
    // little, and is right for others as well.
    if (count == 0) break;
    if (filled == contents.size()) contents.resize(filled * 2);
  }
  contents.resize(filled);
  return {};
}

}  // namespace flowdb::migration
