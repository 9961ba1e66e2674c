#include "notification/hub.hpp"

#include <algorithm>
#include <utility>

#include <flowdb/error.hpp>

#include "core/process_identity.hpp"
#include "core/shutdown_wakeup.hpp"

namespace flowdb::notification {
namespace {

void wait_until(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                const Deadline& deadline) {
  if (deadline.is_never()) {
    changed.wait(lock);
  } else {
    changed.wait_until(lock, deadline.moment());
  }
}

/// Counts one who waits.
class Waiter {
 public:
  explicit Waiter(std::size_t& count) : count_(count) { ++count_; }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { --count_; }

 private:
  std::size_t& count_;
};

}  // namespace

Hub::Hub(std::string database_name, std::shared_ptr<backend::Backend> backend, HubTiming timing)
    : process_(process_identity()),
      database_name_(std::move(database_name)),
      backend_(std::move(backend)),
      timing_(timing) {}

bool Hub::is_in_own_process() const noexcept {
  return process_ == process_identity();
}

void Hub::refuse_inherited() const {
  if (!is_in_own_process()) {
    throw InvalidArgument(database_name_ +
                              ": it was listened to before fork(), so that the connection is the "
                              "parent's: make another manager in the child, and listen with that",
                          {.database_name = database_name_});
  }
}

std::shared_ptr<Member> Hub::join(std::set<std::string> channels, bool is_of_thread) {
  refuse_inherited();
  auto member = std::make_shared<Member>(std::move(channels), is_of_thread);
  const std::lock_guard lock{mutex_};
  start_thread();
  members_.push_back(member);
  is_resting_ = false;
  last_wait_ = Deadline::Clock::now();
  wake_thread();
  return member;
}

void Hub::leave(const std::shared_ptr<Member>& member) noexcept {
  const std::lock_guard lock{mutex_};
  std::erase(members_, member);
  wake_thread();
}

void Hub::wait_until_listening(Member& member, const Deadline& deadline) {
  Lock lock{mutex_};
  const Waiter waiter{waiters_};
  while (!member.is_listening) {
    if (const auto obstacle = lasting_obstacle(member)) {
      std::rethrow_exception(obstacle);
    }
    if (deadline.has_passed()) {
      throw_not_listening(member);
    }
    wait_until(changed_, lock, deadline);
  }
  member.inbox.take();
}

std::optional<Notification> Hub::wait(Member& member, const Deadline& deadline,
                                      const ShutdownSignal* shutdown) {
  refuse_inherited();
  std::optional<ShutdownWakeup> wakeup;
  if (shutdown != nullptr) {
    wakeup.emplace(*shutdown, [this] {
      const std::lock_guard lock{mutex_};
      changed_.notify_all();
    });
  }
  Lock lock{mutex_};
  const Waiter waiter{waiters_};
  last_wait_ = Deadline::Clock::now();
  if (is_resting_) {
    wake_thread();
  }
  for (;;) {
    if (auto notification = member.inbox.take()) {
      return notification;
    }
    if (shutdown != nullptr && shutdown->is_requested()) {
      return std::nullopt;
    }
    if (const auto obstacle = lasting_obstacle(member)) {
      std::rethrow_exception(obstacle);
    }
    if (deadline.has_passed()) {
      if (!member.is_listening) {
        throw_not_listening(member);
      }
      return std::nullopt;
    }
    wait_until(changed_, lock, deadline);
  }
}

bool Hub::is_listening(const Member& member) const {
  refuse_inherited();
  const std::lock_guard lock{mutex_};
  return member.is_listening;
}

void Hub::rest() {
  refuse_inherited();
  const std::lock_guard lock{mutex_};
  must_close_ = true;
  is_resting_ = true;
  wake_thread();
}

void Hub::retire() noexcept {
  const std::lock_guard lock{mutex_};
  is_retired_ = true;
  std::erase_if(members_, [](const auto& member) { return member->belongs_to_thread; });
  wake_thread();
}

bool Hub::is_retired() const {
  const std::lock_guard lock{mutex_};
  return is_retired_;
}

void Hub::wake_thread() noexcept {
  changed_.notify_all();
  if (source_ != nullptr) {
    source_->wake();
  }
}

std::exception_ptr Hub::refusal(const Member& member) const {
  for (const auto& channel : member.channels) {
    const auto listened = listened_.find(channel);
    if (listened != listened_.end() && listened->second != nullptr) {
      return listened->second;
    }
  }
  return nullptr;
}

std::exception_ptr Hub::lasting_obstacle(const Member& member) const {
  if (member.is_listening) {
    return nullptr;
  }
  if (const auto refused = refusal(member)) {
    return refused;
  }
  // One whose next attempt is due may be out of date.
  const bool is_due = Deadline::Clock::now() >= next_attempt_;
  return is_failure_lasting_ && !is_due ? failure_ : nullptr;
}

void Hub::throw_not_listening(const Member& member) const {
  if (const auto refused = refusal(member)) {
    std::rethrow_exception(refused);
  }
  if (failure_ != nullptr) {
    std::rethrow_exception(failure_);
  }
  throw ConnectionError(database_name_ +
                            ": the server has not been reached in the time given to listen for "
                            "notifications. The attempts go on: wait again, or for longer",
                        {.database_name = database_name_, .transient = true});
}

Subscription::Subscription(std::shared_ptr<Hub> hub, std::set<std::string> channels,
                           bool is_of_thread)
    : hub_(std::move(hub)), member_(hub_->join(std::move(channels), is_of_thread)) {}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    end();
    hub_ = std::move(other.hub_);
    member_ = std::move(other.member_);
  }
  return *this;
}

void Subscription::end() noexcept {
  if (hub_ == nullptr) {
    return;
  }
  if (hub_->is_in_own_process()) {
    hub_->leave(member_);
  } else {
    // Kept for ever: to close the connection here would end the parent's session.
    static_cast<void>(new std::shared_ptr<Hub>(std::move(hub_)));
  }
  hub_.reset();
  member_.reset();
}

}  // namespace flowdb::notification
