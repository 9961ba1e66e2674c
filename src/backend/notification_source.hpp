#pragma once

#include <string>
#include <vector>

#include <flowdb/notification.hpp>

#include "core/deadline.hpp"

namespace flowdb::backend {

/// A session that does nothing but listen. For one thread, wake() excepted. Every call ends by its
/// deadline. After an exception other than a QueryError it is of no use any more.
class NotificationSource {
 public:
  virtual ~NotificationSource() = default;  ///< closes; does not wait for the server

  /// The server has confirmed it when this returns: what is committed from now on is heard.
  /// \throws ConnectionError, TimeoutError; QueryError when the server refuses that channel.
  virtual void listen(const std::string& channel, const Deadline& deadline) = 0;
  virtual void unlisten(const std::string& channel, const Deadline& deadline) = 0;
  /// What has arrived since the last call; waits for something. Nothing at the deadline, and when
  /// woken. \throws ConnectionError when the connection is lost.
  virtual std::vector<Notification> wait(const Deadline& deadline) = 0;
  /// A round trip. \throws ConnectionError, TimeoutError.
  virtual void ping(const Deadline& deadline) = 0;
  /// Ends the wait under way, or the next one, at once. From any thread.
  virtual void wake() noexcept = 0;
};

}  // namespace flowdb::backend
