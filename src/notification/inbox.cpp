#include "notification/inbox.hpp"

#include <utility>

namespace flowdb::notification {
namespace {

std::size_t size_of(const Notification& notification) noexcept {
  return sizeof notification + notification.channel.size() + notification.payload.size();
}

}  // namespace

void Inbox::add(const Notification& notification) {
  const auto size = size_of(notification);
  if (size_ + size > capacity) {
    clear();
    add_gap();
  }
  kept_.push_back(notification);
  size_ += size;
}

void Inbox::add_gap() {
  if (kept_.empty() || !kept_.back().is_gap()) {
    kept_.push_back({.kind = Notification::Kind::gap});
    size_ += sizeof(Notification);
  }
}

std::optional<Notification> Inbox::take() {
  if (kept_.empty()) {
    return std::nullopt;
  }
  auto oldest = std::move(kept_.front());
  kept_.pop_front();
  size_ -= size_of(oldest);
  return oldest;
}

void Inbox::clear() noexcept {
  kept_.clear();
  size_ = 0;
}

}  // namespace flowdb::notification
