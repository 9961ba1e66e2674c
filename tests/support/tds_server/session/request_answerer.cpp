#include "support/tds_server/session/request_answerer.hpp"

#include <array>
#include <utility>

#include "support/tds_server/postgres/error_numbers.hpp"
#include "support/tds_server/session/scripted.hpp"

namespace flowdb::tds_server {
namespace {

/// MS-TDS 2.2.6.6: procedures that have numbers.
std::string procedure_name(const RpcCall& call) {
  switch (call.procedure_id) {
    case 0:
      return call.procedure;
    case 10:
      return "sp_executesql";
    case 11:
      return "sp_prepare";
    case 12:
      return "sp_execute";
    case 13:
      return "sp_prepexec";
    case 15:
      return "sp_unprepare";
    default:
      return "number " + std::to_string(call.procedure_id);
  }
}

/// MS-TDS 2.2.6.9.1
std::string isolation_name(std::uint8_t level, const std::string& otherwise) {
  static const std::array<std::string, 6> kNames{
      "", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "SNAPSHOT"};
  return level == 0 || level >= kNames.size() ? otherwise : kNames[level];
}

}  // namespace

void RequestAnswerer::answer(const Message& message, Response& response) {
  switch (message.type) {
    case PacketType::sql_batch:
      answer_batch(message, response);
      break;
    case PacketType::rpc:
      answer_calls(message, response);
      break;
    case PacketType::transaction_manager:
      answer_transaction_request(message, response);
      break;
    default:
      throw ProtocolError("a message that is not supported");
  }
}

FaultPlan RequestAnswerer::planned(const std::string& sql) {
  FaultPlan plan = faults_();
  if (!plan.means(sql)) return {};
  if (plan.at_answer) wire_->arm(plan.at_answer);
  return plan;
}

void RequestAnswerer::with_interpreter(const std::string& sql, Response& response,
                                       const std::function<void(Interpreter&)>& work) {
  const FaultPlan plan = planned(sql);
  if (plan.answer) {
    send_scripted(*plan.answer, response);
    return;
  }
  StatementRunner runner{*link_, *state_, *transactions_, response, look_};
  if (plan.error) runner.fail_after(plan.error_after_rows, *plan.error);
  Interpreter interpreter{runner, *state_, *transactions_, *link_, response};
  work(interpreter);
  interpreter.finish();
}

void RequestAnswerer::answer_batch(const Message& message, Response& response) {
  const std::string sql = read_sql_batch(message.payload);
  with_interpreter(sql, response, [&](Interpreter& interpreter) { interpreter.batch(sql); });
}

void RequestAnswerer::answer_calls(const Message& message, Response& response) {
  std::vector<RpcCall> calls = read_rpc(message.payload);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    answer_call(calls[i], response);
    if (i + 1 < calls.size()) response.finish_call();
  }
}

void RequestAnswerer::answer_call(RpcCall& call, Response& response) {
  const std::string name = procedure_name(call);
  std::vector<Argument> arguments;
  std::string sql;
  for (const RpcParameter& parameter : call.parameters) {
    arguments.push_back(
        {lower_case(parameter.name), {parameter.wire.type, parameter.value}, parameter.is_output});
    if (is_character(parameter.wire.type.kind)) sql += parameter.value.value_or("") + '\n';
  }
  if (name == "sp_execute" && !arguments.empty()) {
    const auto found = state_->prepared.find(std::stoi(arguments[0].variable.value.value_or("0")));
    if (found != state_->prepared.end()) sql = found->second.sql;
  }
  with_interpreter(sql, response, [&](Interpreter& interpreter) {
    try {
      response.set_return_status(interpreter.call(name, arguments));
    } catch (const SqlError& error) {
      response.add_error(error);
      response.set_return_status(error.number());
    }
  });
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].is_output) continue;
    const Variable& variable = arguments[i].variable;
    response.add_return_value(return_value_token(static_cast<std::uint16_t>(i), arguments[i].name,
                                                 wire_type(variable.type), variable.value));
  }
}

void RequestAnswerer::answer_transaction_request(const Message& message, Response& response) {
  const TransactionRequest request = read_transaction_request(message.payload);
  const auto begin = [&] {
    state_->settings.isolation = isolation_name(request.isolation, state_->settings.isolation);
    transactions_->begin(request.begins_another ? "" : request.name, response);
  };
  const bool commits = request.verb == TransactionVerb::commit;
  const FaultPlan plan = planned(commits ? "COMMIT" : "");
  try {
    if (plan.error) throw SqlError{*plan.error};
    switch (request.verb) {
      case TransactionVerb::begin:
        begin();
        return;
      case TransactionVerb::save:
        transactions_->save(request.name);
        return;
      case TransactionVerb::commit:
        transactions_->commit(response);
        break;
      default:
        transactions_->rollback(request.name, response);
    }
    if (request.begins_another) begin();
  } catch (const PostgresFailure& failure) {
    response.add_error(sql_server_error(failure.result(), transactions_->is_snapshot()));
  } catch (const SqlError& error) {
    if (error.scope() == ErrorScope::transaction) transactions_->abandon(response);
    response.add_error(error);
  }
}

}  // namespace flowdb::tds_server
