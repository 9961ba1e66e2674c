#pragma once

#include <memory>
#include <string>

#include "backend/backend.hpp"
#include "testing/mock_state.hpp"

namespace flowdb::testing {

/// Opens sessions of the scripted server.
class MockBackend final : public backend::Backend {
 public:
  MockBackend(std::shared_ptr<MockState> state, const config::Settings& settings);

  DatabaseType type() const noexcept override { return DatabaseType::mock; }
  sql::Dialect dialect() const noexcept override { return sql::postgresql_dialect(); }
  std::unique_ptr<backend::Connection> open(std::size_t slot, const Deadline& deadline) override;
  bool has_notifications() const noexcept override { return true; }
  std::unique_ptr<backend::NotificationSource> open_listener(const Deadline& deadline) override;

 private:
  std::shared_ptr<MockState> state_;
  std::string database_name_;
  bool read_only_;
};

class MockBackendFactory final : public backend::BackendFactory {
 public:
  explicit MockBackendFactory(std::shared_ptr<MockState> state);

  std::unique_ptr<backend::Backend> make(const config::Settings& settings) override;

 private:
  std::shared_ptr<MockState> state_;
};

}  // namespace flowdb::testing
