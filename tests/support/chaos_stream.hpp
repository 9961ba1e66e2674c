#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "support/chaos_options.hpp"
#include "support/message_framing.hpp"

namespace flowdb::test_support {

/// One direction of one connection: reads from a socket, holds pieces back, writes to another. It
/// never blocks and is driven by the proxy's loop.
class ChaosStream {
 public:
  using Clock = std::chrono::steady_clock;
  enum class State { open, ended, cut_due, broken, silent };

  ChaosStream(DelayRange delay, std::size_t slice, std::uint64_t seed, bool from_client)
      : delay_{delay},
        slice_{slice},
        random_{seed},
        framings_{MessageFraming{Protocol::postgresql, from_client},
                  MessageFraming{Protocol::tds, from_client}} {}

  /// Cuts when the byte after the next `bytes` is due.
  void cut_after(std::uint64_t bytes) { bytes_until_cut_ = bytes; }
  /// Cuts before the next such message, or when it has passed.
  void cut_at(const AtMessage& message) { message_ = message; }
  void forget_cut();
  /// Moves nothing from now on.
  void silence();

  /// Whether there is room for more input.
  bool wants_input() const;
  /// Whether output waits for the destination to take more.
  bool wants_output() const { return blocked_; }
  /// When the next piece is to be forwarded, unless the destination blocks.
  std::optional<Clock::time_point> due() const;

  /// Takes in what has arrived at `source`.
  void receive(int source, Clock::time_point now);
  /// Forwards at most one piece that is due.
  void forward(int destination, Clock::time_point now);

  State state() const { return state_; }
  std::uint64_t forwarded() const { return forwarded_; }

 private:
  struct Piece {
    Clock::time_point due;
    std::string bytes;
  };

  /// How many of the bytes may pass.
  std::size_t allowed(const std::string& bytes) const;
  std::size_t allowed_by_message(const std::string& bytes) const;
  void follow(std::string_view sent);
  MessageFraming& framing(Protocol protocol) {
    return framings_[protocol == Protocol::postgresql ? 0 : 1];
  }
  void enqueue(std::string_view bytes, Clock::time_point now);
  void end_if_drained(int destination);

  DelayRange delay_;
  std::size_t slice_;
  std::mt19937_64 random_;
  std::array<MessageFraming, 2> framings_;
  std::optional<AtMessage> message_;
  bool is_in_message_ = false;  // behind which to cut
  std::deque<Piece> pieces_;
  std::size_t buffered_ = 0;
  Clock::time_point last_due_{};
  std::optional<std::uint64_t> bytes_until_cut_;
  std::uint64_t forwarded_ = 0;
  bool source_ended_ = false;
  bool blocked_ = false;
  State state_ = State::open;
};

}  // namespace flowdb::test_support
