#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "backend/notification_source.hpp"

namespace flowdb::testing {

/// The scripted server's notifications: who listens to what. Thread-safe.
class MockChannels {
 public:
  /// To all sessions that listen to the channel.
  void notify(const std::string& channel, const std::string& payload);
  bool is_listened_to(const std::string& channel) const;
  /// Breaks the connections of all who listen.
  void lose_listeners();
  /// A session that listens; the channels must outlive it.
  std::unique_ptr<backend::NotificationSource> open(std::string database_name);

 private:
  struct Session {
    std::set<std::string> channels = {};
    std::deque<Notification> arrived = {};
    bool is_lost = false;
    bool is_woken = false;
  };
  class Listener;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Session*> sessions_;
};

}  // namespace flowdb::testing
