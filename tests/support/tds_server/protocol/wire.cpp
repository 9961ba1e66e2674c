#include "support/tds_server/protocol/wire.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace flowdb::tds_server {

std::string describe(const Fault& fault) {
  const char* const kind = fault.kind == FaultKind::reset   ? "reset"
                           : fault.kind == FaultKind::close ? "close"
                                                            : "stall";
  return std::string{kind} + " after " + std::to_string(fault.after_bytes) + " bytes";
}

bool Wire::wait_for_client_or(int descriptor) {
  std::array<pollfd, 3> watched{
      {{stop_, POLLIN, 0}, {socket_.get(), POLLIN, 0}, {descriptor, POLLIN, 0}}};
  while (poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
  }
  if (watched[0].revents != 0) throw Disconnected("the server stops");
  return watched[1].revents != 0;
}

std::string Wire::receive() {
  for (;;) {
    wait_for_client_or(-1);
    std::string plain = receive_waiting();
    if (!plain.empty()) return plain;
  }
}

std::string Wire::receive_waiting() {
  std::string bytes = receive_raw();
  if (tls_ == nullptr || bytes.empty()) return bytes;
  return tls_->decrypt(bytes);
}

std::string Wire::receive_raw() {
  std::array<char, 16384> piece{};
  const ssize_t count = recv(socket_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
  if (count > 0) return {piece.data(), static_cast<std::size_t>(count)};
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  throw Disconnected("the client went");
}

void Wire::send(std::string_view bytes) {
  if (tls_ == nullptr) {
    send_raw(bytes);
  } else {
    send_raw(tls_->encrypt(bytes));
  }
}

void Wire::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t allowed = bytes.size();
    if (fault_) {
      allowed = static_cast<std::size_t>(
          std::min<std::uint64_t>(allowed, fault_->after_bytes - sent_since_armed_));
      if (allowed == 0) strike();
    }
    const ssize_t count = ::send(socket_.get(), bytes.data(), allowed, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      sent_ += static_cast<std::uint64_t>(count);
      sent_since_armed_ += static_cast<std::uint64_t>(count);
      continue;
    }
    if (count < 0 && errno != EAGAIN && errno != EINTR) throw Disconnected("the client went");
    std::array<pollfd, 2> watched{{{stop_, POLLIN, 0}, {socket_.get(), POLLOUT, 0}}};
    poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0) throw Disconnected("the server stops");
  }
}

void Wire::strike() {
  const FaultKind kind = fault_->kind;
  fault_.reset();
  if (kind == FaultKind::stall) stall();
  if (kind == FaultKind::reset) {
    socket_.close_with_reset();
  } else {
    shutdown(socket_.get(), SHUT_RDWR);
  }
  throw Disconnected("a fault struck");
}

void Wire::stall() {
  // POLLIN is not asked for: what the client still sends stays unread.
  std::array<pollfd, 2> watched{{{stop_, POLLIN, 0}, {socket_.get(), POLLRDHUP, 0}}};
  while (watched[0].revents == 0 && watched[1].revents == 0) {
    poll(watched.data(), watched.size(), -1);
  }
  throw Disconnected("a stalled connection ended");
}

}  // namespace flowdb::tds_server
