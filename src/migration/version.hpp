#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::migration {

/// A migration's version: parts of decimal digits of any length, separated by `_` or `.`. Missing
/// parts count as 0, so `1 == 1.0 == 01 == 1_0 < 1.0.1 < 1.1.9 < 1.1.10 < 2`; the text keeps its
/// zeros (Flyway's MigrationVersion).
class Version {
 public:
  /// nullopt for `1.`, `1..2`, `1.a`, `-1`, `latest`, an empty text.
  static std::optional<Version> parse(std::string_view text);

  /// As written, `_` replaced by `.`.
  const std::string& text() const noexcept { return text_; }
  /// The same text for equal versions: `1.10` for `001_10.0`.
  std::string normalized() const;
  /// The version after this one in its first part: what to name the next script.
  std::string next() const;

  friend std::strong_ordering operator<=>(const Version& left, const Version& right);
  friend bool operator==(const Version& left, const Version& right);

 private:
  std::string text_;
  std::vector<std::string> parts_;  // digits without leading zeros, trailing zero parts dropped
};

}  // namespace flowdb::migration
