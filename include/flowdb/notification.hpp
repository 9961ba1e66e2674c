#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flowdb {
inline namespace v0_1 {

class DatabaseManager;
class ShutdownSignal;

/// What a wait for notifications has brought.
struct Notification {
  enum class Kind {
    /// Somebody has notified the channel.
    message,
    /// Some may have been missed: listening has begun, or begun anew after the connection was lost,
    /// or more came than were kept. Whoever waits looks once for himself at what he waits for.
    gap,
  };

  Kind kind = Kind::message;
  std::string channel = {};  ///< empty for a gap
  std::string payload = {};
  int server_process = 0;  ///< of the session that has notified (pg_backend_pid()); 0 for a gap

  bool is_gap() const noexcept { return kind == Kind::gap; }
};

/// Listens to channels of a PostgreSQL server (LISTEN) from DatabaseManager::listen() until its
/// destruction. What arrives between two waits is kept, up to some 4 MiB; beyond that a gap stands
/// for all of it. All listeners of a database share one connection of the process, beside the pool
/// and not counted by it; when it is lost, it is opened and told to listen anew, and the next wait
/// gives a gap. Outlives the manager. Several threads may wait at once: each notification is given
/// to one of them.
///
///     auto listener = db.listen({"queue_ready"});
///     do {
///       work_on_the_queue(db);            // notified, a gap, or time to look anyway
///       listener.wait(30s, shutdown);
///     } while (!shutdown.is_requested());
class NotificationListener {
 public:
  NotificationListener(NotificationListener&&) noexcept;
  NotificationListener& operator=(NotificationListener&&) noexcept;
  ~NotificationListener();

  const std::vector<std::string>& channels() const noexcept;

  /// The oldest notification not yet handed out; waits for one for at most `timeout` (zero: only
  /// looks). nullopt: the channels were listened to, and nothing has come. Returns within 250 ms of
  /// the timeout, whatever the network does.
  /// \throws ConnectionError, TimeoutError when they are not listened to at the end of the timeout,
  /// with the reason: the attempts go on, so wait again; at once for what no waiting mends, as
  /// AuthenticationError. InvalidArgument for a negative timeout, and in a child process of the one
  /// that made the listener.
  std::optional<Notification> wait(std::chrono::milliseconds timeout);
  /// The same, and returns nullopt at once when shutdown is requested.
  std::optional<Notification> wait(std::chrono::milliseconds timeout,
                                   const ShutdownSignal& shutdown);

  /// Whether all channels are listened to at this moment, as far as that is known.
  bool is_listening() const;

 private:
  friend class DatabaseManager;
  struct Impl;
  explicit NotificationListener(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v0_1
}  // namespace flowdb
