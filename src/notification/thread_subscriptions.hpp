#pragma once

#include <memory>
#include <string>

#include "notification/hub.hpp"

namespace flowdb::notification {

/// The calling thread's own subscription to a channel: made at the first call, ended with the
/// thread, or when the hub has retired. To be used by this thread, until its next call.
Subscription& subscription_of_this_thread(const std::shared_ptr<Hub>& hub,
                                          const std::string& channel);

}  // namespace flowdb::notification
