#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "support/socket.hpp"
#include "support/tds_server/protocol/tls.hpp"
#include "support/tds_server/session/faults.hpp"
#include "support/tds_server/session/options.hpp"

namespace flowdb::tds_server {

/// A server that speaks TDS 7.4 on a port of 127.0.0.1 and has PostgreSQL answer. Each
/// connection has a thread. Thread-safe. Failures to start throw std::runtime_error.
class TdsServer {
 public:
  explicit TdsServer(TdsServerOptions options);
  /// Ends all connections and waits for their threads.
  ~TdsServer();
  TdsServer(const TdsServer&) = delete;
  TdsServer& operator=(const TdsServer&) = delete;

  std::uint16_t port() const { return port_; }
  /// What to trust when the server made its certificate itself.
  const std::string& certificate_pem() const { return tls_.certificate_pem(); }

  /// Holds for requests and logins from now on, of all connections, until the next call.
  void set_faults(FaultPlan plan);
  void clear_faults() { set_faults({}); }
  /// Bytes sent over connections that have ended.
  std::uint64_t sent_bytes() const { return sent_bytes_; }
  /// Connections that are open by now.
  int connections() const { return connections_; }

 private:
  struct Served {
    std::thread thread{};
    std::atomic<bool> is_over{false};
  };

  void accept_connections();
  void serve(test_support::Socket socket, Served& served);
  FaultPlan faults() const;

  TdsServerOptions options_;
  TlsContext tls_;
  test_support::Socket listener_;
  std::uint16_t port_;
  test_support::Socket stop_;
  mutable std::mutex mutex_;
  FaultPlan plan_{};
  std::atomic<std::uint16_t> last_id_{50};
  std::atomic<std::uint64_t> sent_bytes_{0};
  std::atomic<int> connections_{0};
  std::list<Served> served_;
  std::thread acceptor_;
};

}  // namespace flowdb::tds_server
