#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace flowdb::status_server {

/// Something that takes long to find out, and that those who ask for it at the same time share: who
/// comes while it is being found out waits for that. Thread-safe.
template <class Result>
class SharedResult {
 public:
  /// `find_out` is called by one thread at a time. At most `kMostWaiting` may wait for another's.
  SharedResult(std::function<Result()> find_out, std::size_t kMostWaiting)
      : find_out_(std::move(find_out)), most_waiting_(kMostWaiting) {}

  /// Where too many wait already: the former result. nullptr: there is none, or it could not be
  /// found out. \throws what `find_out` throws, for the one who called it.
  std::shared_ptr<const Result> get() {
    {
      std::unique_lock lock{mutex_};
      if (is_under_way_) {
        return wait(lock);
      }
      is_under_way_ = true;
    }
    std::shared_ptr<const Result> found;
    try {
      found = std::make_shared<const Result>(find_out_());
    } catch (...) {
      publish(nullptr);
      throw;
    }
    publish(found);
    return found;
  }

 private:
  std::shared_ptr<const Result> wait(std::unique_lock<std::mutex>& lock) {
    if (waiting_ == most_waiting_) {
      return latest_;
    }
    ++waiting_;
    const auto number = number_;
    published_.wait(lock, [&] { return number_ != number; });
    --waiting_;
    return latest_;
  }

  void publish(std::shared_ptr<const Result> found) {
    {
      const std::lock_guard lock{mutex_};
      latest_ = std::move(found);
      ++number_;
      is_under_way_ = false;
    }
    published_.notify_all();
  }

  const std::function<Result()> find_out_;
  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable published_;
  std::shared_ptr<const Result> latest_;
  std::uint64_t number_ = 0;
  std::size_t waiting_ = 0;
  bool is_under_way_ = false;
};

}  // namespace flowdb::status_server
