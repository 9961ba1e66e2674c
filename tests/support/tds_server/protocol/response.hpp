#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/tds_server/protocol/packet_stream.hpp"
#include "support/tds_server/protocol/tokens.hpp"

namespace flowdb::tds_server {

/// One answer. A DONE is held back until it is known whether more follows, which its status says.
class Response {
 public:
  /// `is_procedure`: DONEs of statements are DONEINPROC, the last is DONEPROC.
  Response(PacketStream& packets, bool is_procedure);

  /// Any token but a DONE.
  void add(std::string_view token);
  void add_error(const SqlError& error);
  /// A statement is done; `rows` nullopt counts none.
  void add_done(std::uint16_t command, std::optional<std::uint64_t> rows, bool failed = false);

  /// Of a procedure: what comes between its statements and its end.
  void set_return_status(std::int32_t status) { return_status_ = status; }
  void add_return_value(std::string token) { return_values_ += token; }

  /// One of several calls is complete, and the next begins.
  void finish_call();
  /// The answer is complete: sends the rest.
  void finish();
  /// The answer ends here because the client asked for that; acknowledges it (MS-TDS 2.2.7.6).
  void finish_with_attention();

  bool has_failed() const { return failed_; }

 private:
  void release_done(bool more);
  void end_procedure(std::uint16_t status);

  PacketStream* packets_;
  bool is_procedure_;
  bool failed_ = false;
  std::optional<Done> pending_;
  std::optional<std::int32_t> return_status_;
  std::string return_values_;
};

}  // namespace flowdb::tds_server
