#include "migration/version.hpp"

#include <algorithm>

namespace flowdb::migration {

namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::string without_leading_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string{} : std::string{digits.substr(first)};
}

/// Numbers as digits without leading zeros: the longer one is the greater.
std::strong_ordering compare(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left.compare(right) <=> 0;
}

}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  Version version;
  version.text_ = text;
  std::replace(version.text_.begin(), version.text_.end(), '_', '.');
  std::string_view rest = version.text_;
  while (true) {
    const auto digits = rest.substr(0, rest.find('.'));
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
      return std::nullopt;
    }
    version.parts_.push_back(without_leading_zeros(digits));
    if (digits.size() == rest.size()) break;
    rest.remove_prefix(digits.size() + 1);
  }
  while (!version.parts_.empty() && version.parts_.back().empty()) version.parts_.pop_back();
  return version;
}

std::string Version::normalized() const {
  std::string text;
  for (const auto& part : parts_) {
    if (!text.empty()) text += '.';
    text += part.empty() ? "0" : part;
  }
  return text.empty() ? "0" : text;
}

std::string Version::next() const {
  auto digits = text_.substr(0, text_.find('.'));
  auto digit = digits.rbegin();
  for (; digit != digits.rend() && *digit == '9'; ++digit) *digit = '0';
  if (digit == digits.rend()) return "1" + digits;
  ++*digit;
  return digits;
}

std::strong_ordering operator<=>(const Version& left, const Version& right) {
  const auto common = std::min(left.parts_.size(), right.parts_.size());
  for (std::size_t index = 0; index < common; ++index) {
    const auto order = compare(left.parts_[index], right.parts_[index]);
    if (order != std::strong_ordering::equal) return order;
  }
  return left.parts_.size() <=> right.parts_.size();
}

bool operator==(const Version& left, const Version& right) {
  return left.parts_ == right.parts_;
}

}  // namespace flowdb::migration
