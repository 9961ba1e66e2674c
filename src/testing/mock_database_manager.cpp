#include <algorithm>
#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "testing/mock_backend.hpp"
#include "testing/mock_state.hpp"

namespace flowdb::testing {
namespace {

/// A configuration that holds nothing, whatever the user's files and environment say: no project
/// lies in the root directory, and nobody sets FLOWDB_MOCK_… variables.
ConfigManager empty_configuration() {
  return ConfigManager{{.environment = "flowdb-mock", .project_root = "/"}};
}

DatabaseOptions mock_options(DatabaseOptions options, std::shared_ptr<MockState> state) {
  options.type = DatabaseType::mock;
  options.backend = std::make_shared<MockBackendFactory>(std::move(state));
  if (!options.migrations_directory) {
    options.migrations_directory = "/flowdb-mock-has-no-migrations";
  }
  return options;
}

}  // namespace

MockDatabaseManager::MockDatabaseManager(std::string database_name, DatabaseOptions options)
    : MockDatabaseManager(std::move(database_name), std::move(options),
                          std::make_shared<MockState>()) {}

MockDatabaseManager::MockDatabaseManager(std::string database_name, DatabaseOptions options,
                                         std::shared_ptr<MockState> state)
    : DatabaseManager(std::move(database_name), empty_configuration(),
                      mock_options(std::move(options), state)),
      state_(std::move(state)) {
  when("SELECT 1").returns(make_rows({"?column?"}, {{1}}));  // what health_check() asks
  when(is_notify).returns(make_rows({"pg_notify"}, {{""}}));
}

MockDatabaseManager::MockDatabaseManager(MockDatabaseManager&&) noexcept = default;
MockDatabaseManager::~MockDatabaseManager() = default;

Expectation MockDatabaseManager::when(std::string_view sql) {
  auto text = fold_white_space(sql);
  if (text.empty()) {
    throw InvalidArgument("MockDatabaseManager::when() needs the text of a statement");
  }
  return when(
      [text = std::move(text)](const Call& call) { return fold_white_space(call.sql) == text; });
}

Expectation MockDatabaseManager::when(std::function<bool(const Call&)> predicate) {
  if (predicate == nullptr) {
    throw InvalidArgument("MockDatabaseManager::when() needs a predicate");
  }
  return {state_, state_->add_expectation(std::move(predicate))};
}

void MockDatabaseManager::set_strict(bool strict) {
  state_->set_strict(strict);
}

void MockDatabaseManager::refuse_connections(int count) {
  if (count < 0) {
    throw InvalidArgument(
        "MockDatabaseManager::refuse_connections() needs a count that is not negative");
  }
  state_->refuse_connections(count);
}

void MockDatabaseManager::lose_next_commit() {
  state_->lose_next_commit();
}

void MockDatabaseManager::push_notification(const std::string& channel,
                                            const std::string& payload) {
  state_->channels().notify(channel, payload);
}

bool MockDatabaseManager::is_listened_to(const std::string& channel) const {
  return state_->channels().is_listened_to(channel);
}

void MockDatabaseManager::lose_listeners() {
  state_->channels().lose_listeners();
}

std::vector<Call> MockDatabaseManager::calls() const {
  return state_->calls();
}

std::size_t MockDatabaseManager::call_count(std::string_view sql) const {
  const auto text = fold_white_space(sql);
  const auto calls = state_->calls();
  return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), [&](const Call& call) {
    return fold_white_space(call.sql) == text;
  }));
}

std::size_t MockDatabaseManager::commits() const {
  return state_->commits();
}

std::size_t MockDatabaseManager::rollbacks() const {
  return state_->rollbacks();
}

void MockDatabaseManager::clear_calls() {
  state_->clear_calls();
}

}  // namespace flowdb::testing
