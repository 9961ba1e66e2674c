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

backend::Fate seen_by(const FateLook& look, bool end_it) {
  try {
    return look(end_it);
  } catch (const AuthenticationError&) {
    return backend::Fate::unknown;
  } catch (const InvalidArgument&) {
    return backend::Fate::unknown;  // this thread itself holds all connections
  } catch (const Error&) {
    return backend::Fate::not_told;  // no server, no connection free, or not in time
  }
}

}  // namespace

backend::Fate find_fate(const FateLook& look, Clock& clock, const Deadline& deadline) {
  int looks_under_way = 0;
  for (auto pause = kShortestPause;; pause = std::min(pause * 2, kLongestPause)) {
    const bool end_it = looks_under_way >= kLooksBeforeEnding;
    const auto fate = seen_by(look, end_it);
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
