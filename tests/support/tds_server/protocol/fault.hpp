#pragma once

#include <cstdint>
#include <string>

namespace flowdb::tds_server {

/// What happens to a connection when a byte of an answer is due.
enum class FaultKind {
  reset,  ///< the socket is reset (RST)
  close,  ///< the socket is closed in good order
  stall,  ///< nothing is sent any more, and nothing read, until the client goes or the server stops
};

/// Lets `after_bytes` bytes of an answer pass, as they travel over the socket (encrypted where TLS
/// is on, packet headers included), and strikes when another is due.
struct Fault {
  FaultKind kind = FaultKind::reset;
  std::uint64_t after_bytes = 0;
};

/// For the message of a failed test.
std::string describe(const Fault& fault);

}  // namespace flowdb::tds_server
