#include "transaction/commit_inquiry.hpp"

#include <algorithm>
#include <chrono>

#include <flowdb/error.hpp>

namespace flowdb {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortestPause{2};
constexpr milliseconds kLongestPause{200};
/// A COMMIT that is still on its way has arrived by then, or hardly ever will.
constexpr int kLooksBeforeEnding = 3;

backend::Fate look(const backend::TransactionTrace& trace,
                   const std::function<pool::Lease()>& acquire, bool end_it,
                   const Deadline& deadline) {
  try {
    return acquire()->fate_of(trace, end_it, deadline);
  } catch (const AuthenticationError&) {
    return backend::Fate::unknown;
  } catch (const InvalidArgument&) {
    return backend::Fate::unknown;  // this thread itself holds all connections
  } catch (const Error&) {
    return backend::Fate::not_told;  // no server, no connection free, or not in time
  }
}

}  // namespace

backend::Fate find_fate(const backend::TransactionTrace& trace,
                        const std::function<pool::Lease()>& acquire, Clock& clock,
                        const Deadline& deadline) {
  int looks_under_way = 0;
  for (auto pause = kShortestPause;; pause = std::min(pause * 2, kLongestPause)) {
    const bool end_it = looks_under_way >= kLooksBeforeEnding;
    const auto fate = look(trace, acquire, end_it, deadline);
    if (fate != backend::Fate::not_told && fate != backend::Fate::under_way) {
      return fate;
    }
    if (fate == backend::Fate::under_way) {
      ++looks_under_way;
    }
    if (deadline.remaining() <= pause) {
      return backend::Fate::unknown;
    }
    clock.sleep_for(pause);
  }
}

}  // namespace flowdb
