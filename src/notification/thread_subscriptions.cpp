#include "notification/thread_subscriptions.hpp"

#include <algorithm>
#include <vector>

namespace flowdb::notification {
namespace {

bool is_over(const Subscription& subscription) {
  const auto& hub = subscription.hub();
  return !hub.is_in_own_process() || hub.is_retired();
}

bool is_to(const Subscription& subscription, const Hub& hub, const std::string& channel) {
  return &subscription.hub() == &hub && subscription.member().channels.count(channel) != 0;
}

}  // namespace

Subscription& subscription_of_this_thread(const std::shared_ptr<Hub>& hub,
                                          const std::string& channel) {
  thread_local std::vector<Subscription> subscriptions;
  std::erase_if(subscriptions, is_over);
  const auto found =
      std::find_if(subscriptions.begin(), subscriptions.end(),
                   [&](const auto& candidate) { return is_to(candidate, *hub, channel); });
  return found != subscriptions.end()
             ? *found
             : subscriptions.emplace_back(hub, std::set<std::string>{channel}, true);
}

}  // namespace flowdb::notification
