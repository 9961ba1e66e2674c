#include "migration/callbacks.hpp"

#include <algorithm>
#include <exception>

#include "core/deadline.hpp"
#include "logging/log.hpp"
#include "migration/script_run.hpp"

namespace flowdb::migration {

/// What a function is given.
class Callbacks::Call final : public MigrationCall {
 public:
  Call(Callbacks& callbacks, MigrationEvent event, const std::string& script)
      : callbacks_(callbacks), event_(event), script_(script) {}

  MigrationEvent event() const noexcept override { return event_; }
  const std::string& database_name() const noexcept override {
    return callbacks_.place_.database_name;
  }
  const std::string& script() const noexcept override { return script_; }
  void run(std::string_view sql) override {
    MigrationFile file;
    file.script = std::string{"callback "} + to_string(event_);
    file.contents = sql;
    std::vector<Problem> problems;
    const auto script = check_script(file, callbacks_.place_.dialect, problems);
    if (!problems.empty()) throw_problems(callbacks_.place_.database_name, problems);
    callbacks_.run(script);
  }

 private:
  Callbacks& callbacks_;
  MigrationEvent event_;
  const std::string& script_;
};

Callbacks::Callbacks(const Workplace& place, Situation& situation)
    : place_(place), situation_(situation) {}

bool Callbacks::has(MigrationEvent event) const {
  const auto& functions = place_.options.callbacks;
  const auto found = functions.find(event);
  if (found != functions.end() && !found->second.empty()) return true;
  const auto& files = place_.files.callbacks;
  return std::any_of(files.begin(), files.end(),
                     [&](const CallbackFile& file) { return file.event == event; });
}

void Callbacks::check() {
  std::vector<Problem> problems;
  scripts_.clear();
  for (const auto& callback : place_.files.callbacks) {
    auto script = situation_.make_script(callback.file, problems);
    if (!script.is_transactional) {
      problems.push_back({callback.file.script +
                              ": a callback runs in a transaction, which a statement of it cannot; "
                              "make it a migration, or run it apart.",
                          callback.file.script});
    }
    scripts_.emplace_back(callback.event, std::move(script));
  }
  if (!problems.empty()) throw_problems(place_.database_name, problems);
}

void Callbacks::call(MigrationEvent event, const std::string& script) {
  for (const auto& [of_event, callback] : scripts_) {
    if (of_event == event) run(callback);
  }
  const auto found = place_.options.callbacks.find(event);
  if (found == place_.options.callbacks.end()) return;
  for (const auto& function : found->second) {
    Call call{*this, event, script};
    function(call);
  }
}

void Callbacks::call_alone(MigrationEvent event, Lock& lock) {
  if (!has(event)) return;
  prepare_session(place_);
  const RollbackGuard guard{place_.connection};
  lock.acquire();
  call(event);
  place_.connection.commit(Deadline::never());
}

void Callbacks::call_unlocked(MigrationEvent event, const std::string& script) {
  if (!has(event)) return;
  const RollbackGuard guard{place_.connection};
  place_.connection.begin({}, std::chrono::milliseconds::zero(), Deadline::never());
  call(event, script);
  place_.connection.commit(Deadline::never());
}

void Callbacks::call_after_failure(MigrationEvent event, const std::string& script) noexcept {
  try {
    if (!has(event) || place_.connection.state() != backend::ConnectionState::idle) return;
    prepare_session(place_);
    call_unlocked(event, script);
  } catch (const std::exception& error) {
    logging::write(logging::Level::warning, "migrations database=" + place_.database_name +
                                                " callback=" + to_string(event) +
                                                " failed: " + error.what());
  } catch (...) {
    logging::write(logging::Level::warning, "migrations database=" + place_.database_name +
                                                " callback=" + to_string(event) + " failed");
  }
}

void Callbacks::run(const Script& script) {
  FailureContext context{.script = script,
                         .session = situation_.history().session(),
                         .dialect = place_.dialect,
                         .current_version = situation_.plan().current_version};
  try {
    run_in_transaction(place_, context);
  } catch (const Error& error) {
    rethrow_as_script_error(place_, error, context);
  }
}

}  // namespace flowdb::migration
