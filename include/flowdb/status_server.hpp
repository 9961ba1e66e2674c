#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <flowdb/database_manager.hpp>

/// A library of its own: link flowdb::status_server.

namespace flowdb {
inline namespace v0_1 {

struct StatusServerOptions {
  /// Where it listens: a numerical address or a host's name. Beyond this machine (`0.0.0.0`)
  /// anybody who reaches it reads what it says, over plain HTTP.
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: a free one, which port() tells
  /// Requests that are answered at the same time; ≥ 2. Half of them at most may wait for a health
  /// check, so that the others are answered while a database is silent; who would be one too many
  /// is told what the check before it has found, or 503 when there was none.
  std::size_t threads = 8;
  /// How long a client may take to send a request, and as long again to read the answer; > 0.
  std::chrono::milliseconds client_timeout{std::chrono::seconds{5}};
  std::string title = "flowdb";  ///< what the page is called: the program's name, say
};

/// Tells over HTTP how a program's databases are, for as long as it lives:
///
///     /               a page for people: pools over the last minutes, slow statements, migrations
///     /health/live    200 as long as the program answers; touches no database
///     /health/ready   200, or 503 when a database is unhealthy
///     /health         the same with health_check()'s documents
///     /metrics        for Prometheus
///
/// Only GET and HEAD are answered. No answer holds a value, a password or a connection string;
/// statements appear as fingerprints. When it listens on this machine alone, a request by another
/// host's name is refused, as a web page elsewhere could cause it (DNS rebinding). Those who ask
/// for the health at the same time share one check. Takes a look at the pools twice a second.
class StatusServer {
 public:
  /// The managers must outlive the server, and not be moved meanwhile.
  /// \throws InvalidArgument without a manager, for a null pointer, two of one name or an option
  /// beyond its bounds; ConfigurationError when it cannot listen there; std::system_error when the
  /// system has no thread left.
  explicit StatusServer(std::vector<DatabaseManager*> databases, StatusServerOptions options = {});
  StatusServer(StatusServer&&) noexcept;
  StatusServer& operator=(StatusServer&&) noexcept;
  /// Waits for the answers under way, each of which a health check may hold up by its databases'
  /// health_timeout.
  ~StatusServer();

  std::uint16_t port() const noexcept;
  /// `http://127.0.0.1:8080/`
  std::string url() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v0_1
}  // namespace flowdb
