#pragma once

#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FLOWDB_TEST_COUNTED_ALLOCATOR 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FLOWDB_TEST_COUNTED_ALLOCATOR 1
#endif
#endif

#ifdef FLOWDB_TEST_COUNTED_ALLOCATOR
// Of the sanitizers' common interface; g++ does not ship the header that declares it.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // NOLINT: the name is given
#endif

namespace flowdb::test {

/// The bytes that this process holds in memory. Under a sanitizer, which keeps freed memory for a
/// while, the bytes that are allocated.
inline std::size_t memory_in_use() {
#ifdef FLOWDB_TEST_COUNTED_ALLOCATOR
  return __sanitizer_get_current_allocated_bytes();
#else
  std::ifstream status{"/proc/self/status"};
  std::string word;
  while (status >> word) {
    std::size_t kibibytes = 0;
    if (word == "VmRSS:" && status >> kibibytes) return kibibytes * 1024;
  }
  throw std::runtime_error("no VmRSS in /proc/self/status");
#endif
}

}  // namespace flowdb::test
