#include <nlohmann/json.hpp>

#include <flowdb/lint.hpp>

#include "core/utf8.hpp"
#include "migration/file_set.hpp"
#include "migration/lint/lint_files.hpp"
#include "migration/lint/parse_tree.hpp"
#include "migration/lint/script_lint.hpp"

namespace flowdb {
namespace {

constexpr const char* kNoParser =
    "Nothing was looked at: this flowdb was built without libpg_query. Install libpg-query-dev and "
    "build flowdb again.";
constexpr const char* kOtherDialect =
    "Nothing was looked at: the lint knows PostgreSQL's SQL alone, and these migrations are for SQL"
    " Server.";

}  // namespace

nlohmann::json LintFinding::to_json() const {
  return {{"script", script}, {"line", line},       {"column", column},
          {"rule", rule},     {"message", message}, {"remedy", remedy}};
}

nlohmann::json LintReport::to_json() const {
  auto list = nlohmann::json::array();
  for (const auto& finding : findings) list.push_back(finding.to_json());
  return {{"note", note.empty() ? nlohmann::json{} : nlohmann::json(note)},
          {"findings", std::move(list)},
          {"scripts", scripts},
          {"statements", statements}};
}

}  // namespace flowdb

std::vector<flowdb::LintRule> flowdb::lint_rules() {
  std::vector<LintRule> rules;
  for (std::size_t index = 0; index < migration::lint::kRuleCount; ++index) {
    rules.push_back(migration::lint::describe(static_cast<migration::lint::Rule>(index)));
  }
  return rules;
}

flowdb::LintReport flowdb::lint_script(std::string_view script, std::string_view contents,
                                       const LintOptions& options) {
  LintReport report;
  const migration::lint::RuleSet rules{options};
  if (!migration::lint::has_parser()) {
    report.note = kNoParser;
    return report;
  }
  migration::lint::lint_script(std::string{script}, utf8::without_byte_order_mark(contents), rules,
                               options, report);
  return report;
}

flowdb::LintReport flowdb::lint_migrations(const std::filesystem::path& directory,
                                           DatabaseType type, const LintOptions& options) {
  return migration::lint::lint_files(migration::read_directory(directory), type, options);
}

namespace flowdb::migration::lint {

LintReport lint_files(const MigrationFiles& files, DatabaseType type, const LintOptions& options) {
  LintReport report;
  const RuleSet rules{options};
  if (type == DatabaseType::sqlserver) {
    report.note = kOtherDialect;
  } else if (!has_parser()) {
    report.note = kNoParser;
  } else {
    for (const auto& file : files.migrations) {
      lint_script(file.script, file.contents, rules, options, report);
    }
    for (const auto& callback : files.callbacks) {
      lint_script(callback.file.script, callback.file.contents, rules, options, report);
    }
  }
  return report;
}

}  // namespace flowdb::migration::lint
