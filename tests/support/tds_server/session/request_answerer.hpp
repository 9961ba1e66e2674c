#pragma once

#include <functional>
#include <string>

#include "support/tds_server/postgres/link.hpp"
#include "support/tds_server/protocol/packet_stream.hpp"
#include "support/tds_server/protocol/request.hpp"
#include "support/tds_server/protocol/response.hpp"
#include "support/tds_server/session/faults.hpp"
#include "support/tds_server/session/interpreter.hpp"
#include "support/tds_server/session/session_state.hpp"
#include "support/tds_server/session/transactions.hpp"

namespace flowdb::tds_server {

/// Answers a session's requests: batches, calls of procedures, and what a driver's functions for
/// transactions ask, with the faults that are planned for each. For one thread.
class RequestAnswerer {
 public:
  /// `look` is called now and then while rows are sent, and throws to end the statement. All
  /// references outlive this.
  RequestAnswerer(Wire& wire, PostgresLink& link, SessionState& state, Transactions& transactions,
                  std::function<FaultPlan()> faults, std::function<void()> look)
      : wire_{&wire},
        link_{&link},
        state_{&state},
        transactions_{&transactions},
        faults_{std::move(faults)},
        look_{std::move(look)} {}

  void answer(const Message& message, Response& response);

 private:
  void answer_batch(const Message& message, Response& response);
  void answer_calls(const Message& message, Response& response);
  void answer_call(RpcCall& call, Response& response);
  void answer_transaction_request(const Message& message, Response& response);
  /// What is planned for a request of that text.
  FaultPlan planned(const std::string& sql);
  void with_interpreter(const std::string& sql, Response& response,
                        const std::function<void(Interpreter&)>& work);

  Wire* wire_;
  PostgresLink* link_;
  SessionState* state_;
  Transactions* transactions_;
  std::function<FaultPlan()> faults_;
  std::function<void()> look_;
};

}  // namespace flowdb::tds_server
