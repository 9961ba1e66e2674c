#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <flowdb/notification.hpp>
#include <flowdb/shutdown_signal.hpp>

#include "backend/backend.hpp"
#include "core/deadline.hpp"
#include "notification/inbox.hpp"
#include "notification/reconnect_pause.hpp"

namespace flowdb::notification {

/// How long the hub is patient.
struct HubTiming {
  std::chrono::milliseconds connect{30'000};  ///< an attempt to connect, and a LISTEN
  /// After so long a silence the server is asked whether it is there: TCP's keepalive knows nothing
  /// of a server that has died behind a proxy.
  std::chrono::milliseconds silence{20'000};
  std::chrono::milliseconds answer{5'000};  ///< what that may take
  /// With nobody waiting for so long, a server that is down is left alone.
  std::chrono::milliseconds interest{300'000};
};

/// One who listens: to which channels, and what he has still to be handed. Belongs to the Hub,
/// under its mutex.
struct Member {
  explicit Member(std::set<std::string> all, bool is_of_thread)
      : channels(std::move(all)), belongs_to_thread(is_of_thread) {}

  const std::set<std::string> channels;
  const bool belongs_to_thread;  ///< rather than to a NotificationListener
  bool is_listening = false;
  Inbox inbox = {};
};

/// The one connection on which a process listens for all who want notifications of a database, read
/// by a thread of its own: so it is read while nobody waits (a session that is not would hold up
/// the server's whole queue of notifications), and no wait depends on what cannot be interrupted.
/// Thread and connection are there while there are members. Thread-safe. The thread owns the hub
/// together with its users, and is waited for by nobody.
class Hub : public std::enable_shared_from_this<Hub> {
 public:
  Hub(std::string database_name, std::shared_ptr<backend::Backend> backend, HubTiming timing = {});

  /// \throws ConnectionError when no thread can be had; InvalidArgument in a child process.
  std::shared_ptr<Member> join(std::set<std::string> channels, bool is_of_thread);
  void leave(const std::shared_ptr<Member>& member) noexcept;

  /// Returns when the member's channels are listened to; takes off the gap that says so.
  /// \throws what keeps it from that, at the deadline or, where it is lasting, at once.
  void wait_until_listening(Member& member, const Deadline& deadline);
  /// See NotificationListener::wait(). `shutdown` may be null.
  std::optional<Notification> wait(Member& member, const Deadline& deadline,
                                   const ShutdownSignal* shutdown);
  bool is_listening(const Member& member) const;

  /// Closes the connection; the next wait opens it anew, or one that is under way.
  void rest();
  /// Nobody will make members any more: those that belong to threads go.
  void retire() noexcept;
  bool is_retired() const;

  bool is_in_own_process() const noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void refuse_inherited() const;
  void start_thread();
  /// The thread.
  void run();
  /// Waits until there is something to do on a connection; false when the thread is to end.
  bool has_work(Lock& lock);
  void close_source(Lock& lock);
  void connect(Lock& lock);
  /// Sends one LISTEN or UNLISTEN, if one is due; whether it was.
  bool adjust(Lock& lock);
  void listen_to(Lock& lock, const std::string& channel);
  void read(Lock& lock);
  void hand_out(const std::vector<Notification>& arrived);
  void note_failure(Lock& lock, const std::exception_ptr& failure);
  void mark_listening();
  bool is_listened_to(const Member& member) const;
  /// What keeps a member from listening and will not change by waiting; null: nothing.
  std::exception_ptr lasting_obstacle(const Member& member) const;
  [[noreturn]] void throw_not_listening(const Member& member) const;
  std::exception_ptr refusal(const Member& member) const;
  void wake_thread() noexcept;

  const std::uint64_t process_;
  const std::string database_name_;
  const std::shared_ptr<backend::Backend> backend_;
  const HubTiming timing_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;  // for the thread and for those who wait
  std::vector<std::shared_ptr<Member>> members_;
  std::size_t waiters_ = 0;
  Deadline::Clock::time_point last_wait_{};
  bool is_running_ = false;
  bool must_close_ = false;
  bool is_resting_ = false;
  bool is_retired_ = false;

  std::unique_ptr<backend::NotificationSource> source_;  // exchanged by the thread alone
  /// What the connection listens to, and why the server refuses a channel.
  std::map<std::string, std::exception_ptr> listened_;
  Deadline::Clock::time_point last_heard_{};
  std::exception_ptr failure_;  // why there is no connection; null: not known of any reason
  bool is_failure_lasting_ = false;
  ReconnectPause pause_;
  Deadline::Clock::time_point next_attempt_{};
  bool is_loss_logged_ = false;
};

/// A member for as long as it lives. In a child process it leaves all as it is.
class Subscription {
 public:
  Subscription(std::shared_ptr<Hub> hub, std::set<std::string> channels, bool is_of_thread);
  Subscription(Subscription&&) noexcept = default;
  Subscription& operator=(Subscription&& other) noexcept;
  ~Subscription() { end(); }

  Hub& hub() const noexcept { return *hub_; }
  Member& member() const noexcept { return *member_; }

 private:
  void end() noexcept;

  std::shared_ptr<Hub> hub_;
  std::shared_ptr<Member> member_;
};

}  // namespace flowdb::notification
