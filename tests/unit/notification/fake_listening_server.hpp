#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <flowdb/error.hpp>

#include "backend/backend.hpp"

namespace flowdb::notification {

/// A server that only listens, and does so as a test says. Thread-safe.
class FakeListeningServer final : public backend::Backend {
 public:
  DatabaseType type() const noexcept override { return DatabaseType::mock; }
  sql::Dialect dialect() const noexcept override { return sql::postgresql_dialect(); }
  std::unique_ptr<backend::Connection> open(std::size_t, const Deadline&) override {
    return nullptr;
  }
  bool has_notifications() const noexcept override { return true; }
  std::unique_ptr<backend::NotificationSource> open_listener(const Deadline& deadline) override {
    ++attempts;
    std::function<void(const Deadline&)> opening;
    {
      const std::lock_guard lock{mutex_};
      opening = on_open_;
    }
    if (opening) opening(deadline);
    return std::make_unique<Source>(*this);
  }

  /// Called at each attempt to connect; may throw, or take its time.
  void on_open(std::function<void(const Deadline&)> opening) {
    const std::lock_guard lock{mutex_};
    on_open_ = std::move(opening);
  }
  void refuse(const std::string& channel) {
    const std::lock_guard lock{mutex_};
    refused_.insert(channel);
  }
  void notify(const std::string& channel, const std::string& payload = {}) {
    const std::lock_guard lock{mutex_};
    if (channels_.count(channel) != 0) {
      arrived_.push_back({.channel = channel, .payload = payload, .server_process = 1});
    }
    changed_.notify_all();
  }
  /// From now on the server does not answer, and nothing arrives.
  void fall_silent() {
    const std::lock_guard lock{mutex_};
    is_silent_ = true;
  }
  std::set<std::string> channels() const {
    const std::lock_guard lock{mutex_};
    return channels_;
  }

  std::atomic<int> attempts{0};
  std::atomic<int> pings{0};
  std::atomic<int> open_sources{0};

 private:
  class Source final : public backend::NotificationSource {
   public:
    explicit Source(FakeListeningServer& server) : server_(server) {
      const std::lock_guard lock{server_.mutex_};
      ++server_.open_sources;
      server_.is_silent_ = false;
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    ~Source() override {
      const std::lock_guard lock{server_.mutex_};
      --server_.open_sources;
      server_.channels_.clear();
      server_.arrived_.clear();
    }
    void listen(const std::string& channel, const Deadline&) override {
      const std::lock_guard lock{server_.mutex_};
      if (server_.refused_.count(channel) != 0) throw QueryError{"refused: " + channel};
      server_.channels_.insert(channel);
    }
    void unlisten(const std::string& channel, const Deadline&) override {
      const std::lock_guard lock{server_.mutex_};
      server_.channels_.erase(channel);
    }
    std::vector<Notification> wait(const Deadline& deadline) override {
      std::unique_lock lock{server_.mutex_};
      server_.changed_.wait_until(lock, deadline.moment(), [this] {
        return is_woken_ || (!server_.arrived_.empty() && !server_.is_silent_);
      });
      is_woken_ = false;
      if (server_.is_silent_) return {};
      return {std::exchange(server_.arrived_, {})};
    }
    void ping(const Deadline&) override {
      const std::lock_guard lock{server_.mutex_};
      ++server_.pings;
      if (server_.is_silent_) throw TimeoutError{"no answer"};
    }
    void wake() noexcept override {
      const std::lock_guard lock{server_.mutex_};
      is_woken_ = true;
      server_.changed_.notify_all();
    }

   private:
    FakeListeningServer& server_;
    bool is_woken_ = false;
  };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void(const Deadline&)> on_open_;
  std::set<std::string> refused_;
  std::set<std::string> channels_;
  std::vector<Notification> arrived_;
  bool is_silent_ = false;
};

}  // namespace flowdb::notification
