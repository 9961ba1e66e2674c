// What the hub's thread does: connects, listens, reads, and begins anew when the connection is
// lost.
#include <algorithm>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

#include <flowdb/error.hpp>

#include "logging/log.hpp"
#include "notification/hub.hpp"

namespace flowdb::notification {
namespace {

using Clock = Deadline::Clock;

/// Lets go of a lock while it lives.
class Unlocked {
 public:
  explicit Unlocked(std::unique_lock<std::mutex>& lock) : lock_(lock) { lock_.unlock(); }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;
  ~Unlocked() { lock_.lock(); }

 private:
  std::unique_lock<std::mutex>& lock_;
};

/// Waiting will not mend it: a refused password, a pooler, a database that is not there.
bool is_lasting(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const TimeoutError&) {
    return false;
  } catch (const Error& error) {
    return !error.is_transient();
  } catch (...) {
    return false;
  }
}

std::string text_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown";
  }
}

double chance() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
}

}  // namespace

void Hub::start_thread() {
  if (is_running_) {
    return;
  }
  try {
    std::thread{[self = shared_from_this()] { self->run(); }}.detach();
    is_running_ = true;
  } catch (const std::system_error&) {
    throw ConnectionError(database_name_ + ": no thread could be started to listen with",
                          {.database_name = database_name_, .transient = true});
  }
}

void Hub::run() {
  Lock lock{mutex_};
  while (has_work(lock)) {
    try {
      if (source_ == nullptr) {
        connect(lock);
      } else if (!adjust(lock)) {
        read(lock);
      }
    } catch (...) {
      note_failure(lock, std::current_exception());
    }
  }
}

bool Hub::has_work(Lock& lock) {
  for (;;) {
    if (std::exchange(must_close_, false)) {
      close_source(lock);
    } else if (members_.empty()) {
      is_running_ = false;  // before the lock is let go of: who comes then starts another thread
      close_source(lock);
      return false;
    } else if (is_resting_ && waiters_ == 0) {
      changed_.wait(lock);
    } else if (source_ == nullptr && Clock::now() < next_attempt_) {
      changed_.wait_until(lock, next_attempt_);
    } else {
      is_resting_ = false;
      return true;
    }
  }
}

void Hub::close_source(Lock& lock) {
  listened_.clear();
  for (const auto& member : members_) {
    member->is_listening = false;
  }
  auto closed = std::move(source_);
  const Unlocked unlocked{lock};
  closed.reset();
}

void Hub::connect(Lock& lock) {
  std::unique_ptr<backend::NotificationSource> source;
  {
    const Unlocked unlocked{lock};
    source = backend_->open_listener(Deadline::after(timing_.connect));
  }
  source_ = std::move(source);
  last_heard_ = Clock::now();
}

bool Hub::adjust(Lock& lock) {
  std::set<std::string> wanted;
  for (const auto& member : members_) {
    wanted.insert(member->channels.begin(), member->channels.end());
  }
  const auto missing = std::find_if(wanted.begin(), wanted.end(), [this](const auto& channel) {
    return listened_.count(channel) == 0;
  });
  if (missing != wanted.end()) {
    listen_to(lock, *missing);
    return true;
  }
  mark_listening();
  const auto superfluous =
      std::find_if(listened_.begin(), listened_.end(),
                   [&](const auto& channel) { return wanted.count(channel.first) == 0; });
  if (superfluous == listened_.end()) {
    return false;
  }
  const auto channel = superfluous->first;
  listened_.erase(superfluous);
  const Unlocked unlocked{lock};
  source_->unlisten(channel, Deadline::after(timing_.connect));
  return true;
}

void Hub::listen_to(Lock& lock, const std::string& channel) {
  std::exception_ptr refusal;
  {
    const Unlocked unlocked{lock};
    try {
      source_->listen(channel, Deadline::after(timing_.connect));
    } catch (const QueryError&) {
      refusal = std::current_exception();
    }
  }
  last_heard_ = Clock::now();
  listened_.emplace(channel, refusal);
  failure_ = nullptr;
  is_failure_lasting_ = false;
  pause_.reset();
  if (refusal != nullptr) {
    changed_.notify_all();
  }
  if (std::exchange(is_loss_logged_, false)) {
    const Unlocked unlocked{lock};
    logging::write(logging::Level::info, "database=" + database_name_ + " listening again");
  }
}

void Hub::mark_listening() {
  for (const auto& member : members_) {
    if (!member->is_listening && is_listened_to(*member)) {
      member->is_listening = true;
      member->inbox.add_gap();
      changed_.notify_all();
    }
  }
}

bool Hub::is_listened_to(const Member& member) const {
  return std::all_of(member.channels.begin(), member.channels.end(), [this](const auto& channel) {
    const auto listened = listened_.find(channel);
    return listened != listened_.end() && listened->second == nullptr;
  });
}

void Hub::read(Lock& lock) {
  const auto silent_until = last_heard_ + timing_.silence;
  std::vector<Notification> arrived;
  bool is_answered = false;
  {
    const Unlocked unlocked{lock};
    arrived = source_->wait(Deadline::at(silent_until));
    if (arrived.empty() && Clock::now() >= silent_until) {
      source_->ping(Deadline::after(timing_.answer));
      is_answered = true;
    }
  }
  if (is_answered || !arrived.empty()) {
    last_heard_ = Clock::now();
  }
  hand_out(arrived);
}

void Hub::hand_out(const std::vector<Notification>& arrived) {
  for (const auto& member : members_) {
    if (!member->is_listening) {
      continue;
    }
    for (const auto& notification : arrived) {
      if (member->channels.count(notification.channel) != 0) {
        member->inbox.add(notification);
      }
    }
  }
  if (!arrived.empty()) {
    changed_.notify_all();
  }
}

void Hub::note_failure(Lock& lock, const std::exception_ptr& failure) {
  const auto now = Clock::now();
  const bool was_listening = std::any_of(members_.begin(), members_.end(),
                                         [](const auto& member) { return member->is_listening; });
  failure_ = failure;
  is_failure_lasting_ = is_lasting(failure);
  next_attempt_ = now + pause_.next(is_failure_lasting_, chance());
  is_resting_ = is_resting_ || now - last_wait_ > timing_.interest;
  close_source(lock);
  changed_.notify_all();
  if (was_listening && !std::exchange(is_loss_logged_, true)) {
    const Unlocked unlocked{lock};
    logging::write(logging::Level::warning, "database=" + database_name_ +
                                                " listening lost, and begun anew as soon as the "
                                                "server lets: " +
                                                text_of(failure));
  }
}

}  // namespace flowdb::notification
