#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace flowdb {

/// Text that must never be printed: a password, a connection string, a bound value. It has no
/// stream operator and no conversion to a string; whoever needs the text says `reveal()`, which is
/// easy to find in a review. Wiped from memory when destroyed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret();

  const std::string& reveal() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

/// `text` with every occurrence of `secret` replaced by `***`; an empty secret changes nothing.
std::string redact(std::string text, const Secret& secret);

}  // namespace flowdb
