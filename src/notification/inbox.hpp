#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include <flowdb/notification.hpp>

namespace flowdb::notification {

/// What one listener has still to be handed, in order and in bounded memory. Not thread-safe.
class Inbox {
 public:
  /// What is kept at most, in bytes of notifications with all that belongs to them.
  static constexpr std::size_t capacity = std::size_t{4} * 1024 * 1024;

  /// Where there is no room left, all that was kept goes, and a gap stands in its place.
  void add(const Notification& notification);
  /// Two gaps in a row are one.
  void add_gap();
  /// The oldest one.
  std::optional<Notification> take();
  void clear() noexcept;

 private:
  std::deque<Notification> kept_;
  std::size_t size_ = 0;  // in bytes
};

}  // namespace flowdb::notification
