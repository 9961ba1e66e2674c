#include "support/chaos_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace flowdb::test_support {
namespace {

constexpr std::size_t buffer_limit = 256 * 1024;

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

void ChaosStream::forget_cut() {
  bytes_until_cut_.reset();
  message_.reset();
  is_in_message_ = false;
  if (state_ == State::cut_due) state_ = State::open;
}

void ChaosStream::silence() {
  state_ = State::silent;
  blocked_ = false;
}

bool ChaosStream::wants_input() const {
  return state_ == State::open && !source_ended_ && buffered_ < buffer_limit;
}

std::optional<ChaosStream::Clock::time_point> ChaosStream::due() const {
  if (state_ != State::open || blocked_ || pieces_.empty()) return std::nullopt;
  return pieces_.front().due;
}

void ChaosStream::receive(int source, Clock::time_point now) {
  std::array<char, 16 * 1024> buffer{};
  const ssize_t count = recv(source, buffer.data(), buffer.size(), 0);
  if (count > 0) {
    enqueue({buffer.data(), static_cast<std::size_t>(count)}, now);
  } else if (count == 0) {
    source_ended_ = true;
  } else if (!would_block()) {
    state_ = State::broken;
  }
}

void ChaosStream::enqueue(std::string_view bytes, Clock::time_point now) {
  using Delay = std::uniform_int_distribution<std::chrono::microseconds::rep>;
  buffered_ += bytes.size();
  while (!bytes.empty()) {
    std::size_t size = bytes.size();
    if (slice_ > 0)
      size = std::min(size, std::uniform_int_distribution{std::size_t{1}, slice_}(random_));
    const std::chrono::microseconds delay{
        Delay{delay_.least.count(), delay_.most.count()}(random_)};
    last_due_ = std::max(last_due_, now + delay);
    pieces_.push_back({last_due_, std::string{bytes.substr(0, size)}});
    bytes.remove_prefix(size);
  }
}

void ChaosStream::forward(int destination, Clock::time_point now) {
  blocked_ = false;
  if (state_ != State::open) return;
  if (!pieces_.empty() && pieces_.front().due <= now) {
    std::string& bytes = pieces_.front().bytes;
    const std::size_t size = allowed(bytes);
    if (size == 0) {
      state_ = State::cut_due;
      return;
    }
    const ssize_t count = send(destination, bytes.data(), size, MSG_NOSIGNAL);
    if (count < 0) {
      blocked_ = would_block();
      if (!blocked_) state_ = State::broken;
      return;
    }
    const auto sent = static_cast<std::size_t>(count);
    follow(std::string_view{bytes}.substr(0, sent));
    bytes.erase(0, sent);
    buffered_ -= sent;
    forwarded_ += sent;
    if (bytes_until_cut_) *bytes_until_cut_ -= sent;
    if (bytes.empty()) pieces_.pop_front();
    if (is_in_message_ && framing(message_->protocol).is_between()) state_ = State::cut_due;
    if (state_ == State::cut_due) return;
  }
  end_if_drained(destination);
}

std::size_t ChaosStream::allowed(const std::string& bytes) const {
  const auto by_count =
      std::min<std::uint64_t>(bytes.size(), bytes_until_cut_.value_or(bytes.size()));
  return message_ ? std::min<std::size_t>(by_count, allowed_by_message(bytes)) : by_count;
}

/// Up to the message before which to cut, or to the end of the one behind which to cut.
std::size_t ChaosStream::allowed_by_message(const std::string& bytes) const {
  auto ahead = framings_[message_->protocol == Protocol::postgresql ? 0 : 1];
  bool is_in_message = is_in_message_;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (ahead.is_between()) {
      if (is_in_message) return i;
      const bool is_it = ahead.type_of_next(bytes[i]) == message_->type;
      if (is_it && !message_->is_behind) return i;
      is_in_message = is_it;
    }
    ahead.take({&bytes[i], 1});
  }
  return bytes.size();
}

void ChaosStream::follow(std::string_view sent) {
  if (!message_ || !message_->is_behind) {
    for (auto& each : framings_) each.take(sent);
    return;
  }
  for (const char& byte : sent) {
    const auto& followed = framing(message_->protocol);
    is_in_message_ =
        is_in_message_ || (followed.is_between() && followed.type_of_next(byte) == message_->type);
    for (auto& each : framings_) each.take({&byte, 1});
  }
}

void ChaosStream::end_if_drained(int destination) {
  if (!source_ended_ || !pieces_.empty()) return;
  shutdown(destination, SHUT_WR);
  state_ = State::ended;
}

}  // namespace flowdb::test_support
