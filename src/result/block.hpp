#pragma once

#include <cstddef>
#include <memory>

namespace flowdb::result {

/// A block this large lies on huge pages where the kernel grants them, and is a whole one: for
/// results of many megabytes the kernel's work for each small page is much of what they cost.
/// https://docs.kernel.org/admin-guide/mm/transhuge.html
inline constexpr std::size_t kHugePage = std::size_t{2} << 20U;

struct FreeBlock {
  bool is_huge = false;
  void operator()(char* begin) const noexcept;
};

/// A piece of memory that rows share, or that one large row has to itself.
using Block = std::unique_ptr<char[], FreeBlock>;

/// `bytes` that hold nothing yet; memory is only taken as they are written to.
/// \throws std::bad_alloc.
Block make_block(std::size_t bytes);

}  // namespace flowdb::result
