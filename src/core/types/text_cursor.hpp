#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace flowdb::core {

constexpr bool is_digit(char character) noexcept {
  return character >= '0' && character <= '9';
}

/// Reads a text from left to right, strictly: every step says whether it found what it looked for,
/// and stays where it is if not. Does not own the text.
class TextCursor {
 public:
  explicit TextCursor(std::string_view text) noexcept : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }

  bool accept(char wanted) noexcept {
    if (rest_.empty() || rest_.front() != wanted) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  bool accept(std::string_view wanted) noexcept {
    if (!rest_.starts_with(wanted)) {
      return false;
    }
    rest_.remove_prefix(wanted.size());
    return true;
  }

  /// All digits from here on; may be none.
  std::string_view digits() noexcept {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) {
      ++count;
    }
    const auto found = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return found;
  }

  /// A number of `least` to `most` digits (at most 18); no digit may follow.
  std::optional<std::int64_t> number(std::size_t least, std::size_t most) noexcept {
    std::int64_t value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count) {
      if (count == most) {
        return std::nullopt;
      }
      value = value * 10 + (rest_[count] - '0');
    }
    if (count < least) {
      return std::nullopt;
    }
    rest_.remove_prefix(count);
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace flowdb::core
