#include "migration/history_row.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "core/utf8.hpp"

namespace flowdb::migration {

namespace {

constexpr std::string_view kRepeatablePrefix = "R__";
constexpr char kFormerMark = '#';
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

/// What a former row's version was.
std::string_view version_before(const HistoryRow& row) {
  const std::string_view version = row.version;
  return version.substr(std::min(version.find(' '), version.size() - 1) + 1);
}

}  // namespace

std::string history_version(const FileName& name) {
  return name.version ? name.version->text() : repeatable_version(name.description);
}

std::string former_version(int installed_rank, const std::string& version) {
  const auto text = kFormerMark + std::to_string(installed_rank) + " " + version;
  return text.substr(0, utf8::byte_offset(text, kLongestVersion));
}

bool is_former(const HistoryRow& row) {
  return !row.version.empty() && row.version.front() == kFormerMark;
}

bool is_repeatable(const HistoryRow& row) {
  return row.version.compare(0, kRepeatablePrefix.size(), kRepeatablePrefix) == 0;
}

bool is_under_way(const HistoryRow& row) {
  return !row.success && row.execution_time < std::chrono::milliseconds::zero();
}

bool is_baseline(const HistoryRow& row) {
  return row.type == kBaselineType || row.type == kBaselineScriptType || row.type == "INIT";
}

const char* type_of(MigrationKind kind) {
  if (kind == MigrationKind::undo) return kUndoType;
  return kind == MigrationKind::baseline ? kBaselineScriptType : kSqlType;
}

std::string display_version(const FileName& name) {
  return name.version ? "V" + name.version->text() : std::string{};
}

std::string display_version(const HistoryRow& row) {
  const auto version = is_former(row) ? version_before(row) : std::string_view{row.version};
  if (version.substr(0, kRepeatablePrefix.size()) == kRepeatablePrefix) return {};
  return "V" + std::string{version};
}

int version_rank(const FileName& name, const std::vector<HistoryRow>& rows) {
  const auto lower = std::count_if(rows.begin(), rows.end(), [&](const HistoryRow& row) {
    if (is_former(row)) return false;
    if (!name.version) return true;
    const auto version = Version::parse(row.version);
    return version && *version < *name.version;
  });
  return static_cast<int>(lower) + 1;
}

}  // namespace flowdb::migration
