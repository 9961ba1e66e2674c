#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/socket.hpp"
#include "support/tds_server/protocol/fault.hpp"
#include "support/tds_server/protocol/tls.hpp"

namespace flowdb::tds_server {

/// The connection is over: the client went, a fault struck, or the server stops.
class Disconnected : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The client's socket as a byte stream, encrypted or not, on which faults may be armed. For one
/// thread. Every wait ends with Disconnected when `stop` (an eventfd) becomes readable.
class Wire {
 public:
  Wire(test_support::Socket socket, int stop) : socket_{std::move(socket)}, stop_{stop} {}

  /// Waits for bytes and returns them decrypted; never empty.
  std::string receive();
  /// Bytes that have arrived by now, without waiting; maybe none.
  std::string receive_waiting();
  void send(std::string_view bytes);

  /// Waits until the client has sent something (true) or `descriptor` is readable; without a
  /// descriptor (-1) for the client alone.
  bool wait_for_client_or(int descriptor);

  /// From now on all bytes are TLS records, or no longer.
  void start_tls(std::unique_ptr<TlsSession> session) { tls_ = std::move(session); }
  void stop_tls() { tls_.reset(); }
  bool is_encrypted() const { return tls_ != nullptr; }

  /// Bytes of the fault count from now; nothing disarms it.
  void arm(const std::optional<Fault>& fault) {
    fault_ = fault;
    sent_since_armed_ = 0;
  }
  std::uint64_t sent_bytes() const { return sent_; }

  /// Waits until the client hangs up or the server stops; always throws.
  [[noreturn]] void stall();

 private:
  std::string receive_raw();
  void send_raw(std::string_view bytes);
  [[noreturn]] void strike();

  test_support::Socket socket_;
  int stop_;
  std::unique_ptr<TlsSession> tls_;
  std::optional<Fault> fault_;
  std::uint64_t sent_since_armed_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace flowdb::tds_server
