#include <set>
#include <string>
#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/notification.hpp>

#include "database_manager/impl.hpp"
#include "notification/limits.hpp"
#include "notification/thread_subscriptions.hpp"
#include "transaction/operation_record.hpp"

namespace flowdb {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kNotify = "SELECT pg_catalog.pg_notify(:channel, :payload)";

void require_notifications(Executor& executor) {
  const auto& settings = executor.settings();
  if (!executor.engine().pool().backend().has_notifications()) {
    throw InvalidArgument(settings.database_name + ": " + to_string(settings.type) +
                              " has no notifications (LISTEN, NOTIFY); they are PostgreSQL's. Look "
                              "at intervals instead",
                          {.database_name = settings.database_name});
  }
}

std::optional<Notification> wait_at(const notification::Subscription& subscription,
                                    milliseconds timeout, const ShutdownSignal* shutdown) {
  if (timeout < milliseconds::zero()) {
    throw InvalidArgument("the timeout of a wait for notifications must not be negative, got " +
                          std::to_string(timeout.count()) + " ms");
  }
  return subscription.hub().wait(subscription.member(), Deadline::after(timeout), shutdown);
}

std::optional<Notification> wait_in_thread(Executor& executor, std::string_view channel,
                                           milliseconds timeout, const ShutdownSignal* shutdown) {
  require_notifications(executor);
  notification::check_channel(channel, executor.settings().database_name);
  return wait_at(notification::subscription_of_this_thread(executor.engine().notifications(),
                                                           std::string{channel}),
                 timeout, shutdown);
}

}  // namespace

struct NotificationListener::Impl {
  std::vector<std::string> channels;
  notification::Subscription subscription;
};

NotificationListener::NotificationListener(std::unique_ptr<Impl> impl) noexcept
    : impl_(std::move(impl)) {}
NotificationListener::NotificationListener(NotificationListener&&) noexcept = default;
NotificationListener& NotificationListener::operator=(NotificationListener&&) noexcept = default;
NotificationListener::~NotificationListener() = default;

const std::vector<std::string>& NotificationListener::channels() const noexcept {
  return impl_->channels;
}

std::optional<Notification> NotificationListener::wait(milliseconds timeout) {
  return wait_at(impl_->subscription, timeout, nullptr);
}

std::optional<Notification> NotificationListener::wait(milliseconds timeout,
                                                       const ShutdownSignal& shutdown) {
  return wait_at(impl_->subscription, timeout, &shutdown);
}

bool NotificationListener::is_listening() const {
  return impl_->subscription.hub().is_listening(impl_->subscription.member());
}

NotificationListener DatabaseManager::listen(const std::vector<std::string>& channels) {
  return recorded(impl_->executor.engine().metrics(), "listen", [&] {
    require_notifications(impl_->executor);
    if (channels.empty()) {
      throw InvalidArgument(database_name() + ": listen() needs a channel",
                            {.database_name = database_name()});
    }
    for (const auto& channel : channels) {
      notification::check_channel(channel, database_name());
    }
    const auto deadline = Deadline::after(impl_->settings.timeout);
    notification::Subscription subscription{impl_->executor.engine().notifications(),
                                            std::set<std::string>{channels.begin(), channels.end()},
                                            false};
    subscription.hub().wait_until_listening(subscription.member(), deadline);
    return NotificationListener{std::make_unique<NotificationListener::Impl>(
        NotificationListener::Impl{channels, std::move(subscription)})};
  });
}

std::optional<Notification> DatabaseManager::wait_for_notification(std::string_view channel,
                                                                   milliseconds timeout) {
  return wait_in_thread(impl_->executor, channel, timeout, nullptr);
}

std::optional<Notification> DatabaseManager::wait_for_notification(std::string_view channel,
                                                                   milliseconds timeout,
                                                                   const ShutdownSignal& shutdown) {
  return wait_in_thread(impl_->executor, channel, timeout, &shutdown);
}

void DatabaseManager::notify(std::string_view channel, std::string_view payload, CallSite site) {
  require_notifications(impl_->executor);
  notification::check_channel(channel, database_name());
  notification::check_payload(payload, database_name());
  impl_->executor.query(kNotify, {{"channel", channel}, {"payload", payload}},
                        impl_->settings.timeout, {}, {"notify", site});
}

}  // namespace flowdb
