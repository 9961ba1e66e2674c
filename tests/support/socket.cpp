#include "support/socket.hpp"

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flowdb::test_support {
namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void send_without_delay(const Socket& socket) {
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// The sockets API takes every kind of address through this one type.
sockaddr* as_generic(sockaddr_in& address) {
  return static_cast<sockaddr*>(static_cast<void*>(&address));
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = other.descriptor_;
    other.descriptor_ = -1;
  }
  return *this;
}

void Socket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void Socket::close_with_reset() {
  const linger at_once{1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

Socket listen_on_loopback(std::uint16_t port) {
  Socket listener{socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  // One that was listened on before may have connections that are not quite over.
  const int on = 1;
  if (port != 0) setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener.get(), as_generic(address), sizeof address) != 0) throw_errno("bind");
  if (listen(listener.get(), SOMAXCONN) != 0) throw_errno("listen");
  return listener;
}

std::uint16_t local_port(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(socket.get(), as_generic(address), &size) != 0) throw_errno("getsockname");
  return ntohs(address.sin_port);
}

Socket connect_to(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
    throw std::runtime_error("cannot resolve " + host);
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses{found, &freeaddrinfo};
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    Socket connected{socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (connect(connected.get(), address->ai_addr, address->ai_addrlen) != 0) continue;
    fcntl(connected.get(), F_SETFL, O_NONBLOCK);
    send_without_delay(connected);
    return connected;
  }
  throw_errno("connect");
}

Socket accept_from(const Socket& listener) {
  Socket accepted{accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (accepted.get() >= 0) send_without_delay(accepted);
  return accepted;
}

}  // namespace flowdb::test_support
