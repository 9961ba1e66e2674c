#include "status_server/request_queue.hpp"

#include <utility>

namespace flowdb::status_server {
namespace {

constexpr std::size_t kMostWaiting = 64;

thread_local bool request_is_refused = false;

}  // namespace

RequestQueue::RequestQueue(std::size_t threads) {
  try {
    while (threads_.size() < threads) {
      threads_.emplace_back([this] { serve(); });
    }
  } catch (...) {
    RequestQueue::shutdown();
    throw;
  }
}

void RequestQueue::enqueue(std::function<void()> request) {
  {
    const std::lock_guard lock{mutex_};
    if (!is_over_ && waiting_.size() < kMostWaiting) {
      waiting_.push_back(std::move(request));
      changed_.notify_one();
      return;
    }
  }
  refuse(request);
}

void RequestQueue::serve() {
  for (;;) {
    std::function<void()> request;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
      if (is_over_) {
        return;
      }
      request = std::move(waiting_.front());
      waiting_.pop_front();
    }
    request();
  }
}

void RequestQueue::shutdown() {
  std::deque<std::function<void()>> left;
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
    left.swap(waiting_);
  }
  changed_.notify_all();
  for (const auto& request : left) {
    refuse(request);
  }
  for (auto& thread : threads_) {
    if (thread.joinable()) {
      thread.join();
    }
  }
}

bool RequestQueue::is_refused() noexcept {
  return request_is_refused;
}

void RequestQueue::refuse(const std::function<void()>& request) {
  request_is_refused = true;
  request();
  request_is_refused = false;
}

}  // namespace flowdb::status_server
