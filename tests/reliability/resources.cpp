#include "reliability/resources.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <malloc.h>
#include <unistd.h>

namespace flowdb::reliability {

Resources measure_resources() {
  malloc_trim(0);
  Resources result;
  std::ifstream file{"/proc/self/statm"};
  std::int64_t all_pages = 0;
  std::int64_t resident_pages = 0;
  file >> all_pages >> resident_pages;
  result.resident_bytes = resident_pages * sysconf(_SC_PAGESIZE);
  file.close();
  const std::filesystem::directory_iterator descriptors{"/proc/self/fd"};
  result.file_descriptors = std::distance(begin(descriptors), end(descriptors));
  return result;
}

}  // namespace flowdb::reliability
