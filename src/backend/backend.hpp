#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <flowdb/options.hpp>

#include "backend/connection.hpp"
#include "backend/notification_source.hpp"
#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "sql/statement.hpp"

namespace flowdb::backend {

/// Opens connections to one database. Thread-safe.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual DatabaseType type() const noexcept = 0;
  virtual sql::Dialect dialect() const noexcept = 0;
  /// Opens the connection of a slot, 0 … slots - 1; the former one of that slot must be gone. May
  /// block past the deadline by what the driver's connect cannot be talked out of.
  /// \throws ConnectionError, AuthenticationError, ConfigurationError.
  virtual std::unique_ptr<Connection> open(std::size_t slot, const Deadline& deadline) = 0;
  /// Whether servers of this kind have notifications (LISTEN), so that open_listener() may be
  /// called.
  virtual bool has_notifications() const noexcept { return false; }
  /// Opens a connection that only listens, beside the slots; blocks as open() does.
  /// \throws ConnectionError, AuthenticationError; ConfigurationError where a pooler stands
  /// between.
  virtual std::unique_ptr<NotificationSource> open_listener(const Deadline& /*deadline*/) {
    return nullptr;
  }
  /// Of a replica: by how much it lagged when a connection last looked; nullopt when that cannot be
  /// told.
  virtual std::optional<std::chrono::milliseconds> lag() const { return std::nullopt; }
};

/// Makes the backend of an engine.
class BackendFactory {
 public:
  virtual ~BackendFactory() = default;
  virtual std::unique_ptr<Backend> make(const config::Settings& settings) = 0;
};

/// The backend of `settings.type`, unless the settings bring their own.
/// \throws ConfigurationError for a connection string that cannot be understood.
std::unique_ptr<Backend> make_backend(const config::Settings& settings);

}  // namespace flowdb::backend
