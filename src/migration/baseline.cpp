#include "migration/baseline.hpp"

#include <algorithm>

#include <flowdb/error.hpp>

#include "core/deadline.hpp"
#include "migration/lock.hpp"
#include "migration/script_run.hpp"

namespace flowdb::migration {

namespace {

[[noreturn]] void refuse(const Workplace& place, const std::string& text) {
  ErrorFacts facts;
  facts.database_name = place.database_name;
  throw MigrationError("'" + place.database_name + "' cannot be given a baseline: " + text, facts);
}

/// The same baseline is there already. \throws MigrationError for a history of another kind.
bool is_there(const Workplace& place, const History& history, const Version& version) {
  if (history.foreign_table()) {
    refuse(place, "it has a history already, " + *history.foreign_table() +
                      ", which the next run of its migrations takes over.");
  }
  const auto& rows = history.rows();
  const auto applied = std::find_if(rows.begin(), rows.end(), [](const HistoryRow& row) {
    return !is_former(row) && !is_baseline(row);
  });
  const auto baseline = std::find_if(rows.begin(), rows.end(), is_baseline);
  if (baseline != rows.end() && Version::parse(baseline->version) == version) return true;
  if (baseline != rows.end()) {
    refuse(place, "it has one already, at " + display_version(*baseline) + ".");
  }
  if (applied != rows.end()) {
    refuse(place, "migrations have been applied to it, '" + applied->script + "' for one.");
  }
  return false;
}

}  // namespace

BaselineReport baseline(const Workplace& place) {
  check_options(place.options, place.database_name);
  const auto version =
      parse_version_option(place.options.baseline_version, "baseline_version", place.database_name);
  History history{place.connection, place.history_place(), {}};
  Lock lock{place.connection, place.dialect, place.database_name, history.table(), place.clock};
  history.read();
  prepare_session(place);
  const RollbackGuard guard{place.connection};
  lock.acquire();
  history.refresh();
  BaselineReport report{place.database_name, "V" + version.text(),
                        place.options.baseline_description, false};
  if (is_there(place, history, version)) return report;
  if (!history.exists()) history.create();
  history.add_baseline(version, place.options.baseline_description);
  place.connection.commit(Deadline::never());
  report.created = true;
  return report;
}

}  // namespace flowdb::migration
