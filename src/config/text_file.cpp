#include "config/text_file.hpp"

#include <array>
#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <unistd.h>

namespace flowdb::config {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

class FileDescriptor {
 public:
  explicit FileDescriptor(const std::filesystem::path& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  int number() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace

std::string read_text_file(const std::filesystem::path& path, std::error_code& error) {
  error.clear();
  const FileDescriptor file{path};
  std::string text;
  std::array<char, 4096> block{};
  while (file.number() >= 0) {
    const auto count = ::read(file.number(), block.data(), block.size());
    if (count == 0) {
      return text;
    }
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      break;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > kLargestFile) {
      errno = EFBIG;
      break;
    }
  }
  error = std::error_code{errno, std::generic_category()};
  return {};
}

}  // namespace flowdb::config
