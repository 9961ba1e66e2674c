#pragma once

#include <cstdint>
#include <string>

namespace flowdb::test_support {

/// Owns a file descriptor. Failures of the functions below throw std::system_error.
class Socket {
 public:
  explicit Socket(int descriptor = -1) : descriptor_{descriptor} {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : descriptor_{other.descriptor_} { other.descriptor_ = -1; }
  Socket& operator=(Socket&& other) noexcept;

  int get() const { return descriptor_; }
  void close();
  /// Closes so that the peer sees a reset (RST) instead of an orderly end.
  void close_with_reset();

 private:
  int descriptor_;
};

/// Listens on 127.0.0.1, on a free port unless one is given; non-blocking.
Socket listen_on_loopback(std::uint16_t port = 0);
std::uint16_t local_port(const Socket& socket);

/// Connects, which may block; the socket is then non-blocking and sends without delay.
Socket connect_to(const std::string& host, const std::string& port);

/// Accepts a waiting connection, non-blocking and without delay; a negative get() when none waits.
Socket accept_from(const Socket& listener);

}  // namespace flowdb::test_support
