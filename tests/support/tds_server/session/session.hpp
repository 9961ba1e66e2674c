#pragma once

#include <functional>
#include <memory>

#include "support/tds_server/postgres/link.hpp"
#include "support/tds_server/protocol/packet_stream.hpp"
#include "support/tds_server/protocol/response.hpp"
#include "support/tds_server/session/faults.hpp"
#include "support/tds_server/session/options.hpp"
#include "support/tds_server/session/request_answerer.hpp"
#include "support/tds_server/session/session_state.hpp"
#include "support/tds_server/session/transactions.hpp"

namespace flowdb::tds_server {

/// One connection from its first byte to its last. For one thread.
class Session {
 public:
  using Faults = std::function<FaultPlan()>;

  /// `stop` is an eventfd; all arguments but the socket outlive the session. `faults` is asked at
  /// login and at each request.
  Session(test_support::Socket socket, int stop, std::uint16_t id, const TdsServerOptions& options,
          const TlsContext& tls, Faults faults);

  /// Serves until either side ends the connection; throws nothing.
  void run() noexcept;
  std::uint64_t sent_bytes() const { return wire_.sent_bytes(); }

 private:
  bool log_in();
  void refuse(const SqlError& error);
  void serve();
  Message next_message();
  void answer(const Message& message);
  void reset(bool keeps_transaction, Response& response);
  void look_for_attention();
  void wait(int postgres_socket);

  const TdsServerOptions* options_;
  const TlsContext* tls_;
  Faults faults_;
  Wire wire_;
  PacketStream packets_;
  SessionState state_;
  std::unique_ptr<PostgresLink> link_;
  std::unique_ptr<Transactions> transactions_;
  std::unique_ptr<RequestAnswerer> answerer_;
  std::optional<Message> early_{};
};

}  // namespace flowdb::tds_server
