#include "result/block.hpp"

#include <cstdint>
#include <new>

#include <sys/mman.h>

namespace flowdb::result {
namespace {

/// A huge page begins at a multiple of its size: the one that lies whole within twice that is kept.
char* map_huge_page() {
  void* const mapped =
      mmap(nullptr, 2 * kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    throw std::bad_alloc{};
  }
  auto* const begin = static_cast<char*>(mapped);
  const auto before =
      (kHugePage - reinterpret_cast<std::uintptr_t>(mapped) % kHugePage) % kHugePage;
  char* const page = begin + before;
  if (before > 0) {
    munmap(begin, before);
  }
  munmap(page + kHugePage, kHugePage - before);
  madvise(page, kHugePage, MADV_HUGEPAGE);  // where it is refused, small pages do
  return page;
}

}  // namespace

void FreeBlock::operator()(char* begin) const noexcept {
  if (is_huge) {
    munmap(begin, kHugePage);
  } else {
    delete[] begin;
  }
}

Block make_block(std::size_t bytes) {
  if (bytes == kHugePage) {
    return Block{map_huge_page(), FreeBlock{true}};
  }
  return Block{new char[bytes], FreeBlock{false}};
}

}  // namespace flowdb::result
