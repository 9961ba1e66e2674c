#pragma once

#include <chrono>
#include <optional>

namespace flowdb {
inline namespace v0_1 {

/// Which server a read goes to. A replica is read-only and may lag: what has just been written on
/// the primary, by the same flow even, may not be there yet.
enum class ReadPreference {
  primary,
  /// The replica. When no connection to it can be had (within a second, and half of the call's
  /// time), when it lags by more than it may, when it ends the session or cancels the statement
  /// because of what it has to replay: the primary, in a read-only transaction, within the same
  /// deadline. Where no replica is configured: the primary.
  prefer_replica,
  /// The replica and nothing else. \throws ConfigurationError where none is configured.
  replica,
};

/// How one statement is to be carried out.
struct QueryOptions {
  /// Other than `primary`: the statement must only read. What says otherwise by itself is refused
  /// with an InvalidArgument before it is sent, what a function does unseen by the server.
  ReadPreference read_preference = ReadPreference::primary;
  /// The deadline of the whole call, of a stream for each block; default: the database's timeout.
  std::optional<std::chrono::milliseconds> timeout = {};
};

}  // namespace v0_1
}  // namespace flowdb
