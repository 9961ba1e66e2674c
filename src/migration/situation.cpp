#include "migration/situation.hpp"

#include <utility>

#include "migration/non_transactional.hpp"

namespace flowdb::migration {

Situation::Situation(const Workplace& place, const CallLimits& limits)
    : place_(place),
      options_(plan_options(place.options, place.database_name)),
      history_(place.connection, place.history_place(), limits),
      progress_(place.connection, place.dialect, history_),
      names_{place.files.location, history_.table()} {
  check_options(place.options, place.database_name);
  if (!place.options.placeholders) return;
  const auto& session = history_.session();
  placeholders_ = *place.options.placeholders;
  placeholders_.emplace("flowdb:database", session.server_database);
  placeholders_.emplace("flowdb:schema", session.schema);
  placeholders_.emplace("flowdb:user", session.user);
}

void Situation::read() {
  history_.read();
  make_plan();
}

bool Situation::refresh() {
  if (!history_.refresh()) return false;
  make_plan();
  return true;
}

void Situation::make_plan() {
  progress_.read();
  plan_ = migration::make_plan({.files = place_.files.migrations,
                                .history = history_.rows(),
                                .options = options_,
                                .names = names_});
  problems_ = plan_.problems;
  check_scripts();
}

void Situation::check_scripts() {
  scripts_.clear();
  scripts_.reserve(plan_.pending.size());
  for (const auto* file : plan_.pending) {
    auto script = make_script(*file, problems_);
    const auto done = progress_.rows_of(history_version(file->name));
    if (!done.empty()) check_prefix(script, done, problems_);
    if (!script.is_transactional && place_.connection.is_behind_pooler() &&
        !place_.options.pooler_keeps_sessions) {
      problems_.push_back(
          {file->script + ": " +
               place_.dialect.non_transactional()->pooler_advice(place_.database_name),
           file->script});
    }
    scripts_.push_back(std::move(script));
  }
}

const std::map<std::string, std::string>& Situation::placeholders(const std::string& script) {
  placeholders_["flowdb:script"] = script;
  return placeholders_;
}

Script Situation::make_script(const MigrationFile& file, std::vector<Problem>& problems) {
  if (!place_.options.placeholders) return check_script(file, place_.dialect, problems);
  return check_script(file, place_.dialect, placeholders(file.script), problems);
}

void Situation::require_no_problems() const {
  if (!problems_.empty()) throw_problems(place_.database_name, problems_);
}

void Situation::create_history() {
  if (history_.is_schema_in_use()) {
    throw_problems(place_.database_name, {schema_in_use(history_)});
  }
  history_.create();
}

void Situation::note_applied(const MigrationFile& file) {
  if (!file.name.version) return;
  const auto& current = plan_.current_version;
  const auto known = current ? Version::parse(current->substr(1)) : std::nullopt;
  if (!known || *known < *file.name.version) plan_.current_version = display_version(file.name);
}

void Situation::look_at_schema() {
  if (plan_.pending.empty() || place_.options.baseline_on_migrate) return;
  if (history_.is_schema_in_use()) problems_.push_back(schema_in_use(history_));
}

Problem schema_in_use(const History& history) {
  return {"The schema " + history.session().schema + " of '" + history.session().database_name +
          "' is not empty and has no history of migrations, " + history.table() +
          ". If what is there came from the first migrations, give it a baseline at the last of "
          "them: Migrator::baseline() (flowdb baseline), or MigrationOptions::baseline_on_migrate. "
          "If the history of another tool lies under a name of its own, name that table in "
          "MigrationOptions::adopt_table."};
}

}  // namespace flowdb::migration
