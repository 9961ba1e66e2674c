#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/lint.hpp>

#include "cli/commands/commands.hpp"
#include "cli/report_text.hpp"
#include "cli/text_table.hpp"

namespace flowdb::cli {

namespace {

struct LintFlags {
  std::vector<std::string> files;
  LintOptions options;
  bool lists_rules = false;
  bool wants_lock_timeout = false;
};

ExitCode list_rules(const Invocation& call) {
  TextTable table{{"Rule", "What hurts"}};
  auto document = nlohmann::json::array();
  for (const auto& rule : lint_rules()) {
    table.add({{std::string{rule.name}}, {std::string{rule.message}}});
    document.push_back({{"rule", rule.name},
                        {"message", rule.message},
                        {"remedy", rule.remedy},
                        {"opt_in", rule.is_opt_in}});
  }
  if (call.is_json()) {
    call.print(document);
  } else {
    table.print(call.out(), call.terminal());
  }
  return ExitCode::done;
}

std::string contents_of(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  std::string contents{std::istreambuf_iterator<char>{stream}, {}};
  if (!stream.is_open() || stream.bad()) throw InvalidArgument("'" + file + "' cannot be read.");
  return contents;
}

/// A directory that is named need not be a configured database's.
DatabaseType type_of(const Invocation& call) {
  if (call.options().database.empty() && !call.options().directory.empty()) {
    return DatabaseType::postgresql;
  }
  const auto config = call.config();
  const auto prefix = call.database();
  const auto type = config.get_or(prefix + "_TYPE", "postgresql");
  return type == to_string(DatabaseType::sqlserver) ? DatabaseType::sqlserver
                                                    : DatabaseType::postgresql;
}

LintReport look(const Invocation& call, const LintFlags& flags) {
  auto options = flags.options;
  options.has_lock_timeout = !flags.wants_lock_timeout;  // the migrator sets one
  if (flags.files.empty()) return lint_migrations(call.directory(), type_of(call), options);
  LintReport all;
  for (const auto& file : flags.files) {
    const auto report = lint_script(file, contents_of(file), options);
    all.note = report.note;
    all.findings.insert(all.findings.end(), report.findings.begin(), report.findings.end());
    all.scripts += report.scripts;
    all.statements += report.statements;
  }
  return all;
}

void print(const Invocation& call, const LintReport& report) {
  auto& out = call.out();
  const auto& terminal = call.terminal();
  for (const auto& finding : report.findings) {
    const auto place =
        finding.script + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
    out << terminal.styled(Style::bold, printable(place)) << ": "
        << terminal.styled(Style::warning, finding.rule) << ": " << printable(finding.message)
        << "\n    " << printable(finding.remedy) << '\n';
  }
  if (report.note.empty()) {
    out << counted(report.findings.size(), "finding") << " in "
        << counted(report.statements, "statement") << " of " << counted(report.scripts, "script")
        << ".\n";
  } else {
    out << report.note << '\n';
  }
}

ExitCode lint(const Invocation& call, const LintFlags& flags) {
  if (flags.lists_rules) return list_rules(call);
  const auto report = look(call, flags);
  if (call.is_json()) {
    call.print(report.to_json());
  } else {
    print(call, report);
  }
  return report.findings.empty() ? ExitCode::done : ExitCode::found_something;
}

}  // namespace

void add_lint(Program& program) {
  const auto flags = std::make_shared<LintFlags>();
  auto& command =
      program.add("lint", "What of the migrations hurts in a database that is in use; no server",
                  [flags](const Invocation& call) { return lint(call, *flags); });
  command.add_option("files", flags->files, "Scripts, instead of the database's migrations");
  command.add_option("--exclude", flags->options.excluded_rules, "Rules to leave out")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--include", flags->options.included_rules, "Rules that are off otherwise")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--require-lock-timeout", flags->wants_lock_timeout,
                   "Scripts are to set a lock_timeout though the migrator does");
  command.add_flag("--rules", flags->lists_rules, "List the rules");
}

}  // namespace flowdb::cli
