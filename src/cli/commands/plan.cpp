#include <memory>

#include <nlohmann/json.hpp>

#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"
#include "cli/migration_flags.hpp"
#include "cli/report_text.hpp"

namespace flowdb::cli {

namespace {

std::string locks_of(const MigrationPlan::Statement& statement) {
  std::string text;
  for (const auto& lock : statement.locks) {
    if (lock.is_new) continue;  // nobody waits for it
    text += (text.empty() ? "" : ", ") + lock.mode + " on " + lock.object;
  }
  return text;
}

void print_step(const Invocation& call, const MigrationPlan::Step& step) {
  auto& out = call.out();
  const auto& terminal = call.terminal();
  out << terminal.styled(Style::bold, printable(step.script)) << "  "
      << (step.is_transactional ? "one transaction" : "statement by statement")
      << (step.is_rehearsed ? "" : ", not rehearsed") << '\n';
  for (const auto& statement : step.statements) {
    out << "  " << statement.line << ':' << statement.column << "  " << printable(statement.text)
        << '\n';
    const auto locks = locks_of(statement);
    if (!locks.empty()) {
      out << "      " << terminal.styled(Style::warning, "locks") << ' ' << printable(locks)
          << '\n';
    }
  }
  if (!step.note.empty()) out << "  " << printable(step.note) << '\n';
  if (step.failure) print_problems(call, {*step.failure});
}

ExitCode plan(const Invocation& call, const MigrationFlags& flags) {
  auto database = call.open(flags.options());
  const auto plan = Migrator{database}.plan();
  if (call.is_json()) {
    call.print(plan.to_json());
  } else {
    for (const auto& step : plan.steps) print_step(call, step);
    print_problems(call, plan.problems);
    const auto outcome = plan.would_succeed()
                             ? counted(plan.steps.size(), "migration") + " would run, from " +
                                   version_or_none(plan.current_version)
                             : std::string{"a run would fail"};
    call.out() << printable(plan.database_name + ": " + outcome) << ".\n";
  }
  return plan.would_succeed() ? ExitCode::done : ExitCode::found_something;
}

}  // namespace

void add_plan(Program& program) {
  const auto flags = std::make_shared<MigrationFlags>();
  auto& command =
      program.add("plan", "What migrate would do, with its locks: rehearsed, then rolled back",
                  [flags](const Invocation& call) { return plan(call, *flags); });
  flags->declare_selection(command);
  flags->declare_execution(command);
  flags->declare_baseline(command);
}

}  // namespace flowdb::cli
