#include <algorithm>

#include <flowdb/error.hpp>

#include "core/utf8.hpp"
#include "migration/migration_file.hpp"

namespace flowdb::migration {

namespace {

constexpr std::string_view kSuffix = ".sql";
constexpr std::string_view kSeparator = "__";
constexpr std::string_view kDigits = "0123456789";

[[noreturn]] void refuse(const std::string& file_name, const std::string& problem,
                         const std::string& new_name = {}) {
  const auto remedy = new_name.empty()
                          ? std::string{"name it V{version}__{description}.sql or "
                                        "R__{description}.sql, or give it another ending"}
                          : "rename it to '" + new_name + "'";
  throw MigrationError(
      "'" + file_name + "' is not a migration's name: " + problem + "; " + remedy + ".", {},
      file_name);
}

bool ends_in_sql(std::string_view name) noexcept {
  if (name.size() < kSuffix.size()) return false;
  const auto ending = name.substr(name.size() - kSuffix.size());
  return std::equal(ending.begin(), ending.end(), kSuffix.begin(), [](char left, char right) {
    return left == right || (left >= 'A' && left <= 'Z' && left - 'A' + 'a' == right);
  });
}

std::optional<MigrationKind> kind_of(char prefix) noexcept {
  switch (prefix) {
    case 'V':
      return MigrationKind::versioned;
    case 'R':
      return MigrationKind::repeatable;
    case 'U':
      return MigrationKind::undo;
    case 'B':
      return MigrationKind::baseline;
    default:
      return std::nullopt;
  }
}

std::string to_description(std::string_view text) {
  std::string description{text};
  std::replace(description.begin(), description.end(), '_', ' ');
  return description;
}

bool is_good_name(const std::string& file_name) {
  try {
    return parse_file_name(file_name).has_value();
  } catch (const MigrationError&) {
    return false;
  }
}

MigrationEvent next(MigrationEvent event) noexcept {
  return static_cast<MigrationEvent>(static_cast<int>(event) + 1);
}

/// A name that begins like a callback's: `beforeMigrat.sql`, or an event that flowdb has not.
void refuse_callback(const std::string& file_name) {
  const auto starts_with = [&](std::string_view start) {
    return file_name.compare(0, start.size(), start) == 0;
  };
  if (!starts_with("before") && !starts_with("after")) return;
  std::string events;
  for (auto event = MigrationEvent::before_migrate;; event = next(event)) {
    events += std::string{events.empty() ? "" : ", "} + to_string(event);
    if (event == MigrationEvent::after_undo_error) break;
  }
  throw MigrationError("'" + file_name + "' is not a callback's name: the events are " + events +
                           "; name it {event}.sql or {event}__{description}.sql.",
                       {}, file_name);
}

/// The first letter is none of V, R, U and B: in lower case, left out, or no migration at all.
[[noreturn]] void refuse_prefix(const std::string& file_name) {
  refuse_callback(file_name);
  const auto first = file_name.front();
  auto capitalized = file_name;
  if (first >= 'a' && first <= 'z') {
    capitalized.front() = static_cast<char>(first - 'a' + 'A');
    if (is_good_name(capitalized)) refuse(file_name, "its prefix is in lower case", capitalized);
  }
  const auto prefixed = "V" + file_name;
  if (is_good_name(prefixed)) refuse(file_name, "the prefix V is missing", prefixed);
  refuse(file_name, "it begins with none of the prefixes V, R, U and B");
}

/// There is no `__`: a single underscore in its place, no description, or no migration at all.
[[noreturn]] void refuse_separator(const std::string& file_name) {
  const auto ending = file_name.size() - kSuffix.size();
  auto version_end = file_name.find_first_not_of("0123456789._", 1);
  version_end = file_name.find_last_of(kDigits, std::min(version_end, ending) - 1);
  const bool has_version = version_end != std::string::npos;
  const auto version = has_version ? file_name.substr(0, version_end + 1) : file_name.substr(0, 1);
  const auto rest = std::min(file_name.find_first_not_of("_.- ", version.size()), ending);
  auto description = file_name.substr(rest, ending - rest);
  const bool is_described = !description.empty();
  if (!is_described) description = "description";

  const auto new_name = version + std::string{kSeparator} + description + file_name.substr(ending);
  const bool is_suggested = rest > version.size() || !is_described;
  refuse(file_name,
         is_described ? "two underscores must stand before the description"
                      : "the description is missing",
         is_suggested && is_good_name(new_name) ? new_name : std::string{});
}

Version parse_version(const std::string& file_name, std::string_view text) {
  if (text.empty()) refuse(file_name, "the version is missing");
  auto version = Version::parse(text);
  if (!version) {
    refuse(file_name, "its version '" + std::string{text} +
                          "' is not made of numbers with '.' or '_' between them");
  }
  return *std::move(version);
}

}  // namespace

std::optional<MigrationEvent> parse_callback_name(const std::string& file_name) {
  if (!ends_in_sql(file_name)) return std::nullopt;
  const std::string_view stem{file_name.data(), file_name.size() - kSuffix.size()};
  const auto word = stem.substr(0, stem.find(kSeparator));
  for (auto event = MigrationEvent::before_migrate;; event = next(event)) {
    if (word == to_string(event)) return event;
    if (event == MigrationEvent::after_undo_error) return std::nullopt;
  }
}

std::optional<FileName> parse_file_name(const std::string& file_name) {
  if (!ends_in_sql(file_name) || file_name.front() == '.') return std::nullopt;
  if (!utf8::is_valid(file_name)) refuse(file_name, "it is not valid UTF-8");
  const auto kind = kind_of(file_name.front());
  if (!kind) refuse_prefix(file_name);

  const std::string_view stem{file_name.data(), file_name.size() - kSuffix.size()};
  const auto split = stem.find(kSeparator);
  if (split == std::string_view::npos) refuse_separator(file_name);
  const auto version = stem.substr(1, split - 1);
  const auto description = stem.substr(split + kSeparator.size());
  if (description.empty()) refuse(file_name, "the description is missing");

  FileName result{*kind, std::nullopt, to_description(description)};
  if (*kind != MigrationKind::repeatable) {
    result.version = parse_version(file_name, version);
  } else if (!version.empty()) {
    refuse(file_name, "a repeatable script has no version",
           "R" + std::string{stem.substr(split)} + file_name.substr(stem.size()));
  }
  return result;
}

}  // namespace flowdb::migration
