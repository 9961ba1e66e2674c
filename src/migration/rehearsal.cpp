#include "migration/rehearsal.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include <flowdb/error.hpp>

#include "core/ascii.hpp"
#include "core/deadline.hpp"
#include "core/utf8.hpp"
#include "migration/lock.hpp"
#include "migration/reports.hpp"
#include "migration/script_run.hpp"
#include "migration/situation.hpp"
#include "sql/statement.hpp"

namespace flowdb::migration {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kShownCharacters = 100;

/// The beginning of a statement on one line.
std::string beginning(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_blank = is_space(c);
    if (!is_blank || (!line.empty() && line.back() != ' ')) line += is_blank ? ' ' : c;
  }
  if (utf8::count_code_points(line) <= kShownCharacters) return line;
  return line.substr(0, utf8::byte_offset(line, kShownCharacters)) + "…";
}

class Rehearsal {
 public:
  explicit Rehearsal(const Workplace& place)
      : place_(place),
        situation_(place, {}),
        lock_(place.connection, place.dialect, place.database_name, situation_.history().table(),
              place.clock, [&place] {
                report_progress(place.options, {.step = MigrationProgress::Step::waiting});
              }) {}

  MigrationPlan run() {
    plan_.database_name = place_.database_name;
    situation_.read();
    situation_.look_at_schema();
    if (!situation_.problems().empty() || situation_.scripts().empty()) {
      list_steps();
    } else {
      prepare_session(place_);
      const RollbackGuard guard{place_.connection};
      lock_.acquire();
      situation_.refresh();
      list_steps();
      if (situation_.problems().empty()) rehearse();
    }
    plan_.current_version = situation_.plan().current_version;
    for (const auto& problem : situation_.problems()) plan_.problems.push_back(to_problem(problem));
    return std::move(plan_);
  }

 private:
  void list_steps() {
    for (std::size_t index = 0; index < situation_.scripts().size(); ++index) {
      const auto& script = situation_.scripts()[index];
      const auto& file = *situation_.plan().pending[index];
      MigrationPlan::Step step;
      step.script = file.script;
      step.version = display_version(file.name);
      step.description = file.name.description;
      step.is_transactional = script.is_transactional;
      for (const auto& statement : script.statements) {
        const auto position = position_of(script, statement);
        MigrationPlan::Statement shown;
        shown.line = static_cast<int>(position.line);
        shown.column = static_cast<int>(position.column);
        shown.text = beginning(script.text_of(statement));
        step.statements.push_back(std::move(shown));
      }
      plan_.steps.push_back(std::move(step));
    }
  }

  void rehearse() {
    try {
      if (!situation_.history().exists()) situation_.history().create();
    } catch (const MigrationError& error) {
      plan_.problems.push_back({.text = error.what()});
      return;
    }
    note_relations();
    note_locks(nullptr);
    bool is_preceded = false;  // by one that was not rehearsed
    for (std::size_t index = 0; index < plan_.steps.size(); ++index) {
      auto& step = plan_.steps[index];
      if (!step.is_transactional) {
        step.note = "its statements cannot run in a transaction, and so not be rehearsed";
        is_preceded = true;
        continue;
      }
      if (is_preceded) step.note = "rehearsed without a script before it that cannot be";
      if (!rehearse(situation_.scripts()[index], step)) {
        for (++index; index < plan_.steps.size(); ++index) {
          plan_.steps[index].note = "not rehearsed, since one before it fails";
        }
      }
    }
  }

  /// False: it has failed, and the transaction with it.
  bool rehearse(const Script& script, MigrationPlan::Step& step) {
    FailureContext context{.script = script,
                           .session = situation_.history().session(),
                           .dialect = place_.dialect,
                           .current_version = situation_.plan().current_version};
    try {
      place_.dialect.reset_in_transaction(place_.connection);
      if (place_.options.lock_timeout > milliseconds::zero()) {
        place_.dialect.limit_lock_waits(place_.connection, place_.options.lock_timeout);
      }
      for (std::size_t index = 0; index < script.statements.size(); ++index) {
        context.statement = &script.statements[index];
        const auto started = place_.clock.now();
        send(place_.connection, script, script.statements[index]);
        auto& statement = step.statements[index];
        statement.duration = std::chrono::duration_cast<milliseconds>(place_.clock.now() - started);
        note_locks(&statement);
      }
      context.stage = FailureStage::commit;
      place_.dialect.settle(place_.connection);
      step.is_rehearsed = true;
      return true;
    } catch (const Error& error) {
      if (place_.connection.state() == backend::ConnectionState::broken) throw;
      const auto failure = script_error(error, context);
      step.failure = {failure.what(), failure.script(), failure.line(), failure.column()};
      return false;
    }
  }

  /// The relations that are there before anything runs.
  void note_relations() {
    const auto question = place_.dialect.relations_question();
    if (question.empty()) return;
    for (const auto& row : ask(question)) relations_.insert(row["id"].as<std::int64_t>());
  }

  /// Those that are held now and were not before: the statement's.
  void note_locks(MigrationPlan::Statement* statement) {
    const auto question = place_.dialect.locks_question();
    if (question.empty()) return;
    for (const auto& row : ask(question)) {
      const auto id = row["id"].as<std::int64_t>();
      auto mode = row["mode"].as<std::string>();
      if (!locks_.emplace(id, mode).second || statement == nullptr) continue;
      statement->locks.push_back(
          {row["object"].as<std::string>(), std::move(mode), relations_.count(id) == 0});
    }
  }

  ResultSet ask(const std::string& question) {
    const sql::ParsedStatement statement{question, place_.dialect.lexical()};
    const Params none;
    return place_.connection.execute({.statement = statement, .params = none, .one_off = true},
                                     Deadline::never());
  }

  const Workplace& place_;
  Situation situation_;
  Lock lock_;
  MigrationPlan plan_;
  std::set<std::int64_t> relations_;
  std::set<std::pair<std::int64_t, std::string>> locks_;
};

}  // namespace

MigrationPlan rehearse(const Workplace& place) {
  return Rehearsal{place}.run();
}

}  // namespace flowdb::migration
