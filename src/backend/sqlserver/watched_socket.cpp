#include "backend/sqlserver/watched_socket.hpp"

#include <chrono>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/socket_peek.hpp"
#include "backend/sqlserver/watchdog.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using std::chrono::milliseconds;

/// How long the server may take to acknowledge a cancellation.
constexpr milliseconds kCancelGrace{120};
constexpr milliseconds kShortestLook{1};
constexpr milliseconds kLongestLook{50};

void set_option(int descriptor, int level, int name, int value) noexcept {
  setsockopt(descriptor, level, name, &value, sizeof(value));
}

/// As libpq is told to on PostgreSQL. Drivers set some of it, and none sets it all: Microsoft's and
/// FreeTDS ask the peer when nothing is under way, but wait for a quarter of an hour until what
/// they have sent is acknowledged. https://www.rfc-editor.org/rfc/rfc5482
void notice_dead_peers(int descriptor) noexcept {
  constexpr int kIdleSeconds = 30;
  constexpr int kIntervalSeconds = 10;
  constexpr int kProbes = 3;
  constexpr int kUserTimeoutMilliseconds = 30'000;
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, kIdleSeconds);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, kIntervalSeconds);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
  set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeoutMilliseconds);
}

/// Both sides have closed, or one has reset the connection.
/// https://www.rfc-editor.org/rfc/rfc9293#section-3.3.2
bool has_ended(int descriptor) noexcept {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    return true;
  }
  return info.tcpi_state == TCP_CLOSE || info.tcpi_state == TCP_TIME_WAIT ||
         info.tcpi_state == TCP_CLOSING || info.tcpi_state == TCP_LAST_ACK;
}

}  // namespace

std::shared_ptr<WatchedSocket> WatchedSocket::watch(int descriptor) {
  int duplicate = -1;
  if (descriptor >= 0) {
    // A program that the process starts must not inherit the session.
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    notice_dead_peers(descriptor);
    duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  }
  auto socket = std::make_shared<WatchedSocket>(duplicate);
  Watchdog::instance().add(socket);
  return socket;
}

WatchedSocket::~WatchedSocket() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

void WatchedSocket::arm(SQLHSTMT statement, const Deadline& deadline) {
  {
    const std::lock_guard lock{mutex_};
    statement_ = statement;
    fired_.store(false);
    due_.store(deadline.moment());
  }
  if (!deadline.is_never()) {
    Watchdog::instance().wake_by(deadline.moment());
  }
}

bool WatchedSocket::disarm() noexcept {
  std::unique_lock lock{mutex_};
  // Until it has returned the statement must stay, and the socket be shut if it does not.
  cancelled_.wait(lock, [this] { return !is_cancelling_; });
  due_.store(Clock::time_point::max());
  return fired_.load();
}

WatchedSocket::Clock::time_point WatchedSocket::expire(Clock::time_point now) noexcept {
  if (due_.load() > now) {
    return due_.load();
  }
  const std::lock_guard lock{mutex_};
  if (due_.load() > now) {
    return due_.load();
  }
  const bool first = !fired_.exchange(true);
  if (first && statement_ != SQL_NULL_HSTMT) {
    due_.store(now + kCancelGrace);
    start_cancelling();
  } else {
    due_.store(Clock::time_point::max());
    shut();
  }
  return due_.load();
}

/// On a thread of its own, because a driver may wait in SQLCancel for as long as in the call.
void WatchedSocket::start_cancelling() noexcept {
  try {
    std::thread{[self = shared_from_this(), statement = statement_] {
      SQLCancel(statement);
      const std::lock_guard lock{self->mutex_};
      self->is_cancelling_ = false;
      self->cancelled_.notify_all();
    }}.detach();
    is_cancelling_ = true;  // the thread cannot have passed the lock that is held here
  } catch (const std::system_error&) {
    due_.store(Clock::time_point::max());
    shut();  // no thread to be had
  }
}

void WatchedSocket::shut() noexcept {
  shut_.store(true);
  if (descriptor_ >= 0) {
    shutdown(descriptor_, SHUT_RDWR);
  }
}

/// A socket that is not known: only an answer tells.
bool WatchedSocket::looks_alive() const noexcept {
  return descriptor_ >= 0 && backend::looks_alive(descriptor_);
}

bool WatchedSocket::wait_for_end(const Deadline& deadline) noexcept {
  shut();
  if (descriptor_ < 0) {
    return false;
  }
  for (auto wait = kShortestLook; !has_ended(descriptor_);
       wait = std::min(2 * wait, kLongestLook)) {
    if (deadline.has_passed()) {
      return false;
    }
    std::this_thread::sleep_for(wait);
  }
  return true;
}

}  // namespace flowdb::backend::sqlserver
