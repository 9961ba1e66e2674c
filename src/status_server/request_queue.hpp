#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <httplib.h>

namespace flowdb::status_server {

/// Carries out requests on a number of threads; a few wait, and more than that are refused.
/// Thread-safe.
class RequestQueue final : public httplib::TaskQueue {
 public:
  /// \throws std::system_error when the system has no thread left.
  explicit RequestQueue(std::size_t threads);
  RequestQueue(const RequestQueue&) = delete;
  RequestQueue& operator=(const RequestQueue&) = delete;
  ~RequestQueue() override { RequestQueue::shutdown(); }

  /// A request that is refused is called at once, by the caller, for it has a socket to close.
  void enqueue(std::function<void()> request) override;
  /// Refuses those that wait; returns when the others are done.
  void shutdown() override;

  /// To be asked within a request.
  static bool is_refused() noexcept;

 private:
  void serve();
  static void refuse(const std::function<void()>& request);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace flowdb::status_server
