#include "migration/workplace.hpp"

#include <algorithm>

#include <flowdb/error.hpp>

#include "core/ascii.hpp"

namespace flowdb::migration {

namespace {

constexpr const char* kLatest = "latest";

[[noreturn]] void refuse_option(const std::string& text, const std::string& database_name) {
  ErrorFacts facts;
  facts.database_name = database_name;
  throw MigrationError("The migrations of '" + database_name + "' cannot run: " + text, facts);
}

}  // namespace

Version parse_version_option(const std::string& text, const char* option,
                             const std::string& database_name) {
  const auto number =
      !text.empty() && (text.front() == 'V' || text.front() == 'v') ? text.substr(1) : text;
  auto version = Version::parse(number);
  if (!version) {
    refuse_option(std::string{"MigrationOptions::"} + option + " is '" + text +
                      "', which is no version: numbers with '.' between them.",
                  database_name);
  }
  return *std::move(version);
}

PlanOptions plan_options(const MigrationOptions& options, const std::string& database_name) {
  PlanOptions result;
  result.out_of_order = options.out_of_order;
  if (options.target && *options.target != kLatest) {
    result.target = parse_version_option(*options.target, "target", database_name);
  }
  return result;
}

void check_options(const MigrationOptions& options, const std::string& database_name) {
  if (options.lock_timeout < std::chrono::milliseconds::zero()) {
    refuse_option("MigrationOptions::lock_timeout must not be negative.", database_name);
  }
  if (options.lock_retries < 0) {
    refuse_option("MigrationOptions::lock_retries must not be negative.", database_name);
  }
  const auto& table = options.adopt_table;
  const bool is_plain = std::all_of(table.begin(), table.end(), [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '$' || c == '.' || c == '"' || !is_ascii(c);
  });
  if (!is_plain) {
    refuse_option(
        "MigrationOptions::adopt_table must be a table's name, `schema.table` or `table`.",
        database_name);
  }
}

}  // namespace flowdb::migration
