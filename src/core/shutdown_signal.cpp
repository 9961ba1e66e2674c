#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/shutdown_signal.hpp>

#include "core/deadline.hpp"
#include "core/shutdown_wakeup.hpp"

namespace flowdb {
namespace {

constexpr std::array<int, 2> kSignals{SIGTERM, SIGINT};

// What the handler sees; it may touch nothing but lock-free atomics and async-signal-safe calls
// (signal-safety(7)).
std::atomic<int> event_descriptor{-1};
std::atomic<pid_t> owner{0};
std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<pid_t>::is_always_lock_free);

void wake(int descriptor) noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(descriptor, &one, sizeof one);
}

extern "C" void flowdb_note_signal(int signal) {
  const int saved_errno = errno;
  int none = 0;
  const bool is_child = getpid() != owner.load();
  if (is_child || !first_signal.compare_exchange_strong(none, signal)) {
    // A second one, or not ours: as if there were no handler. It is delivered when this returns.
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    sigaction(signal, &usual, nullptr);
    raise(signal);
  } else {
    wake(event_descriptor);
  }
  errno = saved_errno;
}

std::atomic<bool> is_taken{false};

}  // namespace

struct ShutdownSignal::Watch {
  explicit Watch(std::function<void(int)> given) : action(std::move(given)) {
    if (is_taken.exchange(true)) {
      throw InvalidArgument("a ShutdownSignal lives already: a process has one at a time");
    }
    descriptor = eventfd(0, EFD_CLOEXEC);
    if (descriptor < 0) {
      is_taken = false;
      throw std::system_error(errno, std::generic_category(), "eventfd");
    }
    first_signal = 0;
    owner = getpid();
    event_descriptor = descriptor;
    try {
      thread = std::thread{[this] { watch(); }};
    } catch (...) {
      close(descriptor);
      is_taken = false;
      throw;
    }
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals.at(i), nullptr, &former.at(i));
      if (former.at(i).sa_handler != SIG_IGN) {
        install(kSignals.at(i));
      }
    }
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  ~Watch() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals.at(i), &former.at(i), nullptr);
    }
    if (getpid() != owner) {
      thread.detach();  // it is the parent's
    } else {
      is_ending = true;
      wake(descriptor);
      thread.join();
    }
    event_descriptor = -1;
    close(descriptor);
    is_taken = false;
  }

  static void install(int signal) {
    struct sigaction handler {};
    handler.sa_handler = flowdb_note_signal;
    handler.sa_flags = SA_RESTART;
    sigemptyset(&handler.sa_mask);
    for (const int other : kSignals) {
      sigaddset(&handler.sa_mask, other);
    }
    sigaction(signal, &handler, nullptr);
  }

  void watch() {
    std::uint64_t count = 0;
    while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {
    }
    const int signal = first_signal;
    if (signal == 0) {
      return;  // the destructor has woken this up
    }
    {
      const std::lock_guard lock{mutex};
      is_requested = true;
      requested.notify_all();
      for (const auto* wake : wakes) {
        (*wake)();
      }
    }
    if (action && !is_ending) {
      action(signal);
    }
  }

  std::function<void(int)> action;
  int descriptor = -1;
  std::array<struct sigaction, kSignals.size()> former{};
  std::atomic<bool> is_ending{false};
  std::mutex mutex;
  std::condition_variable requested;
  bool is_requested = false;
  std::vector<const std::function<void()>*> wakes;  // under the mutex
  std::thread thread;
};

ShutdownSignal::ShutdownSignal(std::function<void(int signal)> action)
    : watch_(std::make_unique<Watch>(std::move(action))) {}

ShutdownSignal::~ShutdownSignal() = default;

bool ShutdownSignal::is_requested() const noexcept {
  return first_signal != 0;
}

bool ShutdownSignal::wait_for(std::chrono::milliseconds time) const {
  const auto deadline = Deadline::after(time);
  std::unique_lock lock{watch_->mutex};
  const auto is_requested = [this] { return watch_->is_requested; };
  if (deadline.is_never()) {
    watch_->requested.wait(lock, is_requested);
    return true;
  }
  return watch_->requested.wait_until(lock, deadline.moment(), is_requested);
}

ShutdownWakeup::ShutdownWakeup(const ShutdownSignal& signal, std::function<void()> wake)
    : watch_(*signal.watch_), wake_(std::move(wake)) {
  const std::lock_guard lock{watch_.mutex};
  watch_.wakes.push_back(&wake_);
}

ShutdownWakeup::~ShutdownWakeup() {
  const std::lock_guard lock{watch_.mutex};
  std::erase(watch_.wakes, &wake_);
}

}  // namespace flowdb
