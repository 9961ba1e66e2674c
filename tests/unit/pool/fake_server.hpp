#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "backend/backend.hpp"

namespace flowdb::pool {

/// Holds back whoever passes until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard lock{mutex_};
    is_open_ = true;
    changed_.notify_all();
  }
  void close() {
    const std::lock_guard lock{mutex_};
    is_open_ = false;
  }
  void pass() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = true;
};

/// What becomes of one connection, as the test decides.
struct FakeSession {
  std::atomic<bool> seems_alive{true};
  std::atomic<bool> is_lost{false};
  std::atomic<bool> answers{true};  ///< otherwise a ping waits in vain until its deadline
  std::atomic<bool> can_be_reset{true};
  std::atomic<int> pings{0};
  std::atomic<int> resets{0};
};

/// The server, shared by the test, the backend and its connections.
struct FakeServer {
  Gate opening;                           ///< before a connection is there
  Gate abandoning;                        ///< before the end of one is confirmed
  std::function<void()> on_open = [] {};  ///< may throw; to be set before it is used
  std::atomic<int> opened{0};
  std::atomic<int> connected{0};
  std::atomic<int> most_connected{0};

  std::shared_ptr<FakeSession> session(std::size_t index) {
    const std::lock_guard lock{mutex};
    return sessions.at(index);
  }
  std::mutex mutex;
  std::vector<std::shared_ptr<FakeSession>> sessions;  ///< in the order in which they were opened
};

class FakeConnection final : public backend::Connection {
 public:
  FakeConnection(std::shared_ptr<FakeServer> server, std::shared_ptr<FakeSession> session)
      : server_(std::move(server)), session_(std::move(session)) {}
  FakeConnection(const FakeConnection&) = delete;
  FakeConnection& operator=(const FakeConnection&) = delete;
  ~FakeConnection() override { --server_->connected; }

  FakeSession& session() { return *session_; }

  backend::ConnectionState state() const noexcept override {
    return backend::ConnectionState::idle;
  }
  bool is_lost() const noexcept override { return session_->is_lost; }
  bool seems_alive() noexcept override { return session_->seems_alive; }
  bool ping(const Deadline& deadline) noexcept override {
    ++session_->pings;
    if (!session_->answers) {
      std::this_thread::sleep_until(deadline.moment());
      return false;
    }
    return !session_->is_lost;
  }
  void mark_session_touched() noexcept override {}
  bool reset(const Deadline&) noexcept override {
    ++session_->resets;
    return session_->can_be_reset;
  }
  bool abandon(const Deadline&) noexcept override {
    server_->abandoning.pass();
    return true;
  }

  ResultSet execute(const backend::Request&, const Deadline&) override { refuse(); }
  std::unique_ptr<backend::Cursor> open_cursor(const backend::Request&, const Deadline&) override {
    refuse();
  }
  std::uint64_t execute_batch(const sql::ParsedStatement&, const std::vector<Params>&,
                              const Deadline&) override {
    refuse();
  }
  std::uint64_t bulk_insert(std::string_view, const std::vector<std::string>&,
                            const std::vector<std::vector<Value>>&, const Deadline&) override {
    refuse();
  }
  void run_script(std::string_view, const Deadline&) override { refuse(); }
  void begin(const TransactionOptions&, std::chrono::milliseconds, const Deadline&) override {
    refuse();
  }
  void commit(const Deadline&) override { refuse(); }
  void rollback(const Deadline&) override { refuse(); }

 private:
  [[noreturn]] static void refuse() { throw std::logic_error("the pool executes nothing"); }

  std::shared_ptr<FakeServer> server_;
  std::shared_ptr<FakeSession> session_;
};

class FakeBackend final : public backend::Backend {
 public:
  explicit FakeBackend(std::shared_ptr<FakeServer> server) : server_(std::move(server)) {}

  DatabaseType type() const noexcept override { return DatabaseType::mock; }
  sql::Dialect dialect() const noexcept override { return sql::postgresql_dialect(); }
  std::unique_ptr<backend::Connection> open(std::size_t, const Deadline&) override {
    server_->opening.pass();
    server_->on_open();
    auto session = std::make_shared<FakeSession>();
    {
      const std::lock_guard lock{server_->mutex};
      server_->sessions.push_back(session);
      server_->most_connected = std::max(server_->most_connected.load(), ++server_->connected);
    }
    ++server_->opened;
    return std::make_unique<FakeConnection>(server_, session);
  }

 private:
  std::shared_ptr<FakeServer> server_;
};

}  // namespace flowdb::pool
