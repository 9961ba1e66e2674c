#include "result/block.hpp"

#include <array>
#include <atomic>
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

/// Pages of results that are gone, for the next ones: the kernel would have to clear them first. It
/// may take them back when memory is short. Without a lock, since another thread may fork.
class SparePages {
 public:
  char* take() noexcept {
    for (auto& place : places_) {
      if (char* const page = place.exchange(nullptr)) {
        return page;
      }
    }
    return nullptr;
  }

  bool keep(char* page) noexcept {
    madvise(page, kHugePage, MADV_FREE);
    for (auto& place : places_) {
      char* none = nullptr;
      if (place.compare_exchange_strong(none, page)) {
        return true;
      }
    }
    return false;
  }

 private:
  std::array<std::atomic<char*>, 4> places_{};
};
constinit SparePages spare_pages;

}  // namespace

void FreeBlock::operator()(char* begin) const noexcept {
  if (is_huge) {
    if (!spare_pages.keep(begin)) {
      munmap(begin, kHugePage);
    }
  } else {
    delete[] begin;
  }
}

Block make_block(std::size_t bytes) {
  if (bytes == kHugePage) {
    char* const spare = spare_pages.take();
    return Block{spare != nullptr ? spare : map_huge_page(), FreeBlock{true}};
  }
  return Block{new char[bytes], FreeBlock{false}};
}

}  // namespace flowdb::result
