#include "status_server/client_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <poll.h>
#include <sys/socket.h>

namespace flowdb::status_server {
namespace {

using std::chrono::milliseconds;

/// No request without a body is longer.
constexpr std::size_t kMostReceived = 64 * 1024;
constexpr milliseconds kFarewell{500};

int poll_time(const Deadline& deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline.remaining()).count();
  return static_cast<int>(std::min<milliseconds::rep>(left, std::numeric_limits<int>::max()));
}

}  // namespace

bool ClientStream::wait(short event, const Deadline& deadline) const {
  for (;;) {
    pollfd entry{socket_, event, 0};
    const int ready = poll(&entry, 1, poll_time(deadline));
    if (ready > 0) {
      return true;
    }
    if (ready == 0 || errno != EINTR) {
      return false;
    }
  }
}

bool ClientStream::is_readable() const {
  return begin_ < end_ || wait(POLLIN, read_until_);
}

bool ClientStream::is_writable() const {
  return wait(POLLOUT, has_written_ ? write_until_ : Deadline::after(limit_));
}

/// What recv() gives: 0 at the end, -1 when there is nothing in time.
ssize_t ClientStream::refill() {
  if (received_ >= kMostReceived || !wait(POLLIN, read_until_)) {
    return -1;
  }
  const auto count = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  begin_ = 0;
  end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  received_ += end_;
  return count;
}

ssize_t ClientStream::read(char* data, std::size_t size) {
  if (begin_ == end_) {
    const auto count = refill();
    if (count <= 0) {
      return count;
    }
  }
  const auto taken = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, taken);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

ssize_t ClientStream::write(const char* data, std::size_t size) {
  if (!has_written_) {
    has_written_ = true;
    write_until_ = Deadline::after(limit_);
  }
  if (!wait(POLLOUT, write_until_)) {
    return -1;
  }
  return send(socket_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Nobody here asks who the client is, or where it came in.
void ClientStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}
void ClientStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void ClientStream::finish() {
  shutdown(socket_, SHUT_WR);
  const auto limit = Deadline::after(kFarewell);
  while (received_ < kMostReceived && wait(POLLIN, limit)) {
    const auto count = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count <= 0) {
      return;
    }
    received_ += static_cast<std::size_t>(count);
  }
}

}  // namespace flowdb::status_server
