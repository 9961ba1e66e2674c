#include <algorithm>

#include <flowdb/error.hpp>
#include <flowdb/migrator.hpp>

#include "core/ascii.hpp"
#include "migration/file_set.hpp"

namespace flowdb {
namespace {

using migration::MigrationKind;
using migration::Version;

constexpr const char* kFirstVersion = "001";
constexpr std::string_view kForbidden = "/\\:*?\"<>|";

std::string file_text(std::string_view description) {
  std::string text{trim(description)};
  const bool is_bad = std::any_of(text.begin(), text.end(), [](char c) {
    return is_control(c) || kForbidden.find(c) != std::string_view::npos;
  });
  if (text.empty() || is_bad) {
    throw MigrationError(
        "A migration's description must be one line of text that can stand in a file's name: "
        "without any of / \\ : * ? \" < > | and not empty.");
  }
  std::replace(text.begin(), text.end(), ' ', '_');
  return text;
}

}  // namespace
}  // namespace flowdb

std::string flowdb::next_migration_name(const std::filesystem::path& directory,
                                        std::string_view description) {
  const auto text = file_text(description);
  const Version* highest = nullptr;
  const auto files = migration::read_directory(directory).migrations;
  for (const auto& file : files) {
    const auto& version = file.name.version;
    if (version && (highest == nullptr || *highest < *version)) highest = &*version;
  }
  return "V" + (highest != nullptr ? highest->next() : kFirstVersion) + "__" + text + ".sql";
}
