#include "migration/history_row.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "core/utf8.hpp"

namespace flowdb::migration {

namespace {

constexpr std::string_view kRepeatablePrefix = "R__";
constexpr std::size_t kLongestVersion = 50;
constexpr std::size_t kKeptOfLonger = 41;

std::string repeatable_version(const std::string& description) {
  auto text = std::string{kRepeatablePrefix} + description;
  std::replace(text.begin(), text.end(), ' ', '_');
  if (utf8::count_code_points(text) <= kLongestVersion) return text;
  char digits[16];
  std::snprintf(digits, sizeof digits, "~%08x",
                static_cast<unsigned>(checksum(description, description)));
  return text.substr(0, utf8::byte_offset(text, kKeptOfLonger)) + digits;
}

}  // namespace

std::string history_version(const FileName& name) {
  return name.version ? name.version->text() : repeatable_version(name.description);
}

bool is_repeatable(const HistoryRow& row) {
  return row.version.compare(0, kRepeatablePrefix.size(), kRepeatablePrefix) == 0;
}

std::string display_version(const FileName& name) {
  return name.version ? "V" + name.version->text() : std::string{};
}

std::string display_version(const HistoryRow& row) {
  return is_repeatable(row) ? std::string{} : "V" + row.version;
}

int version_rank(const FileName& name, const std::vector<HistoryRow>& rows) {
  const auto lower = std::count_if(rows.begin(), rows.end(), [&](const HistoryRow& row) {
    if (!name.version) return true;
    const auto version = Version::parse(row.version);
    return version && *version < *name.version;
  });
  return static_cast<int>(lower) + 1;
}

}  // namespace flowdb::migration
