#include "testing/mock_channels.hpp"

#include <algorithm>
#include <utility>

#include <flowdb/error.hpp>

namespace flowdb::testing {
namespace {

constexpr int kServerProcess = 1;

}  // namespace

class MockChannels::Listener final : public backend::NotificationSource {
 public:
  Listener(MockChannels& server, std::string database_name)
      : server_(server), database_name_(std::move(database_name)) {
    const std::lock_guard lock{server_.mutex_};
    server_.sessions_.insert(&session_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() override {
    const std::lock_guard lock{server_.mutex_};
    server_.sessions_.erase(&session_);
  }

  void listen(const std::string& channel, const Deadline&) override {
    const std::lock_guard lock{server_.mutex_};
    require_connection();
    session_.channels.insert(channel);
  }
  void unlisten(const std::string& channel, const Deadline&) override {
    const std::lock_guard lock{server_.mutex_};
    require_connection();
    session_.channels.erase(channel);
  }
  std::vector<Notification> wait(const Deadline& deadline) override {
    std::unique_lock lock{server_.mutex_};
    server_.changed_.wait_until(lock, deadline.moment(), [this] {
      return session_.is_woken || session_.is_lost || !session_.arrived.empty();
    });
    session_.is_woken = false;
    std::vector<Notification> arrived{session_.arrived.begin(), session_.arrived.end()};
    session_.arrived.clear();
    if (arrived.empty()) {
      require_connection();
    }
    return arrived;
  }
  void ping(const Deadline&) override {
    const std::lock_guard lock{server_.mutex_};
    require_connection();
  }
  void wake() noexcept override {
    const std::lock_guard lock{server_.mutex_};
    session_.is_woken = true;
    server_.changed_.notify_all();
  }

 private:
  void require_connection() const {
    if (session_.is_lost) {
      throw ConnectionError(database_name_ + ": listening failed: the mock's connection was lost",
                            {.database_name = database_name_, .transient = true});
    }
  }

  MockChannels& server_;
  std::string database_name_;
  Session session_;  // under the server's mutex
};

void MockChannels::notify(const std::string& channel, const std::string& payload) {
  const std::lock_guard lock{mutex_};
  for (auto* session : sessions_) {
    if (session->channels.count(channel) != 0) {
      session->arrived.push_back(
          {.channel = channel, .payload = payload, .server_process = kServerProcess});
    }
  }
  changed_.notify_all();
}

bool MockChannels::is_listened_to(const std::string& channel) const {
  const std::lock_guard lock{mutex_};
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [&](const auto* session) { return session->channels.count(channel) != 0; });
}

void MockChannels::lose_listeners() {
  const std::lock_guard lock{mutex_};
  for (auto* session : sessions_) {
    session->is_lost = true;
    session->channels.clear();
  }
  changed_.notify_all();
}

std::unique_ptr<backend::NotificationSource> MockChannels::open(std::string database_name) {
  return std::make_unique<Listener>(*this, std::move(database_name));
}

}  // namespace flowdb::testing
