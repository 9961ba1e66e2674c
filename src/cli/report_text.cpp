#include "cli/report_text.hpp"

#include "cli/text_table.hpp"

namespace flowdb::cli {

std::string version_or_none(const std::optional<std::string>& version) {
  return version.value_or("none");
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void print_applied(const Invocation& call, const MigrationReport& report, const std::string& done) {
  auto& out = call.out();
  if (!report.applied.empty()) {
    TextTable table{{"Version", "Description", "Script", "Time"}};
    table.align_right(3);
    for (const auto& migration : report.applied) {
      table.add({{migration.version},
                 {migration.description},
                 {migration.script},
                 {std::to_string(migration.execution_time.count()) + " ms", Style::faint}});
    }
    table.print(out, call.terminal());
  }
  out << printable(report.database_name) << ": " << counted(report.applied.size(), "migration")
      << ' ' << done << ", now at "
      << call.terminal().styled(Style::good, printable(version_or_none(report.current_version)))
      << ".\n";
}

void print_problems(const Invocation& call, const std::vector<MigrationProblem>& problems) {
  for (const auto& problem : problems) {
    call.out() << call.terminal().styled(Style::bad, "problem:") << ' ' << printable(problem.text)
               << '\n';
  }
}

}  // namespace flowdb::cli
