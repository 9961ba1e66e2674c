#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace flowdb::result {

/// Where each row of a table begins. Grows without being copied; a few rows need no memory beside
/// it, as most results have no more.
class RowIndex {
 public:
  std::size_t size() const noexcept { return size_; }

  void push_back(const char* row) {
    if (size_ < kFew) {
      few_[size_++] = row;
      return;
    }
    const auto further = size_ - kFew;
    if (further % kPieceSize == 0) {
      pieces_.push_back(std::make_unique_for_overwrite<Piece>());
    }
    (*pieces_.back())[further % kPieceSize] = row;
    ++size_;
  }

  const char* operator[](std::size_t index) const noexcept {
    if (index < kFew) {
      return few_[index];
    }
    const auto further = index - kFew;
    return (*pieces_[further / kPieceSize])[further % kPieceSize];
  }

 private:
  static constexpr std::size_t kFew = 8;
  static constexpr std::size_t kPieceSize = 512;
  using Piece = std::array<const char*, kPieceSize>;

  std::array<const char*, kFew> few_;  // the first ones; empty places hold nothing
  std::vector<std::unique_ptr<Piece>> pieces_;
  std::size_t size_ = 0;
};

}  // namespace flowdb::result
