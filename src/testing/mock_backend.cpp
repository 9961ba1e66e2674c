#include "testing/mock_backend.hpp"

#include <utility>

#include "testing/mock_connection.hpp"
#include "testing/mock_errors.hpp"

namespace flowdb::testing {

MockBackend::MockBackend(std::shared_ptr<MockState> state, const config::Settings& settings)
    : state_(std::move(state)),
      database_name_(settings.database_name),
      read_only_(settings.read_only) {}

std::unique_ptr<backend::Connection> MockBackend::open(std::size_t, const Deadline&) {
  if (state_->take_refusal()) {
    throw_connection_refused(database_name_);
  }
  return std::make_unique<MockConnection>(state_, database_name_, read_only_);
}

std::unique_ptr<backend::NotificationSource> MockBackend::open_listener(const Deadline&) {
  if (state_->take_refusal()) {
    throw_connection_refused(database_name_);
  }
  return state_->channels().open(database_name_);
}

MockBackendFactory::MockBackendFactory(std::shared_ptr<MockState> state)
    : state_(std::move(state)) {}

std::unique_ptr<backend::Backend> MockBackendFactory::make(const config::Settings& settings) {
  return std::make_unique<MockBackend>(state_, settings);
}

}  // namespace flowdb::testing
