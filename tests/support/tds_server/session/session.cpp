#include "support/tds_server/session/session.hpp"

#include <array>
#include <exception>
#include <utility>

#include "support/tds_server/postgres/error_numbers.hpp"
#include "support/tds_server/session/greeting.hpp"
#include "support/tds_server/session/scripted.hpp"

namespace flowdb::tds_server {
namespace {

/// The client wants the statement to end.
struct Attention {};

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

Session::Session(test_support::Socket socket, int stop, std::uint16_t id,
                 const TdsServerOptions& options, const TlsContext& tls, Faults faults)
    : options_{&options},
      tls_{&tls},
      faults_{std::move(faults)},
      wire_{std::move(socket), stop},
      packets_{wire_} {
  state_.id = id;
  packets_.set_session_id(id);
}

void Session::run() noexcept {
  try {
    wire_.arm(faults_().at_login);
    if (!log_in()) return;
    wire_.arm(std::nullopt);
    serve();
  } catch (const std::exception&) {
    // Whatever ended the connection, the client sees its end.
  }
}

bool Session::log_in() {
  state_.login = greet(wire_, packets_, *tls_, options_->encryption);
  const Login& login = state_.login;
  const SqlError wrong{18456, "Login failed for user '" + login.user + "'.", 14};
  if (login.integrated || login.user != options_->user || login.password != options_->password) {
    refuse(wrong);
    return false;
  }
  try {
    if (const auto planned = faults_().refuse_login) throw SqlError{*planned};
    const std::string name = "tds:" + std::to_string(state_.id) + ':' + login.program;
    link_ = std::make_unique<PostgresLink>(options_->postgres, login.database, name,
                                           [this](int socket) { wait(socket); });
  } catch (const SqlError& error) {
    refuse(error);
    return false;
  } catch (const std::exception&) {
    refuse({17142, "SQL Server service has been paused. No new connections will be allowed.", 14});
    return false;
  }
  state_.database = link_->database();
  transactions_ = std::make_unique<Transactions>(*link_, state_.settings);
  const std::size_t packet_size = agreed_packet_size(login);
  packets_.send(PacketType::tabular_result, login_answer(login, state_.database, packet_size));
  packets_.set_packet_size(packet_size);
  return true;
}

void Session::refuse(const SqlError& error) {
  Response response{packets_, false};
  response.add_error(error);
  if (error.number() == 4060) {
    response.add_error({18456, "Login failed for user '" + state_.login.user + "'.", 14});
  }
  response.finish();
}

void Session::serve() {
  for (;;) answer(next_message());
}

/// Waits for the client, and notices meanwhile when PostgreSQL ends the session behind this one.
Message Session::next_message() {
  if (early_) return *std::exchange(early_, std::nullopt);
  for (;;) {
    if (auto message = packets_.read_waiting()) return std::move(*message);
    if (wire_.wait_for_client_or(link_->socket())) continue;
    if (!link_->is_alive()) throw Disconnected("the session was ended");
  }
}

void Session::wait(int postgres_socket) {
  while (wire_.wait_for_client_or(postgres_socket)) look_for_attention();
}

void Session::look_for_attention() {
  auto message = packets_.read_waiting();
  if (!message) return;
  if (message->type != PacketType::attention) {
    early_ = std::move(message);
    return;
  }
  if (!faults_().ignores_attention) throw Attention{};
}

void Session::answer(const Message& message) {
  Response response{packets_, message.type == PacketType::rpc};
  try {
    if ((message.status & (kResetConnection | kResetConnectionKeepTransaction)) != 0) {
      reset((message.status & kResetConnectionKeepTransaction) != 0, response);
    }
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
      case PacketType::attention:
        throw Attention{};  // it came behind the end of what it was meant for
      default:
        throw ProtocolError("a message that is not supported");
    }
    response.finish();
  } catch (const Attention&) {
    if (message.type == PacketType::attention && faults_().ignores_attention) return;
    response.finish_with_attention();
  }
  wire_.arm(std::nullopt);
}

FaultPlan Session::planned(const std::string& sql) {
  FaultPlan plan = faults_();
  if (!plan.means(sql)) return {};
  if (plan.at_answer) wire_.arm(plan.at_answer);
  return plan;
}

void Session::with_interpreter(const std::string& sql, Response& response,
                               const std::function<void(Interpreter&)>& work) {
  const FaultPlan plan = planned(sql);
  if (plan.answer) {
    send_scripted(*plan.answer, response);
    return;
  }
  StatementRunner runner{*link_, state_, *transactions_, response,
                         [this] { look_for_attention(); }};
  if (plan.error) runner.fail_after(plan.error_after_rows, *plan.error);
  Interpreter interpreter{runner, state_, *transactions_, *link_, response};
  work(interpreter);
}

void Session::answer_batch(const Message& message, Response& response) {
  const std::string sql = read_sql_batch(message.payload);
  with_interpreter(sql, response, [&](Interpreter& interpreter) { interpreter.batch(sql); });
}

void Session::answer_calls(const Message& message, Response& response) {
  std::vector<RpcCall> calls = read_rpc(message.payload);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    answer_call(calls[i], response);
    if (i + 1 < calls.size()) response.finish_call();
  }
}

void Session::answer_call(RpcCall& call, Response& response) {
  const std::string name = procedure_name(call);
  std::vector<Argument> arguments;
  std::string sql;
  for (const RpcParameter& parameter : call.parameters) {
    arguments.push_back(
        {lower_case(parameter.name), {parameter.wire.type, parameter.value}, parameter.is_output});
    if (is_character(parameter.wire.type.kind)) sql += parameter.value.value_or("") + '\n';
  }
  if (name == "sp_execute" && !arguments.empty()) {
    const auto found = state_.prepared.find(std::stoi(arguments[0].variable.value.value_or("0")));
    if (found != state_.prepared.end()) sql = found->second.sql;
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

void Session::answer_transaction_request(const Message& message, Response& response) {
  const TransactionRequest request = read_transaction_request(message.payload);
  const auto begin = [&] {
    state_.settings.isolation = isolation_name(request.isolation, state_.settings.isolation);
    transactions_->begin(request.begins_another ? "" : request.name, response);
  };
  const bool commits = request.verb == TransactionVerb::commit;
  planned(commits ? "COMMIT" : "");
  try {
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
    response.add_error(error);
  }
}

/// MS-TDS 2.2.3.1.2: what sp_reset_connection does.
void Session::reset(bool keeps_transaction, Response& response) {
  if (!keeps_transaction) {
    transactions_->abandon(response);
    link_->command("DISCARD TEMP");
  }
  link_->command("SET lock_timeout = 0");
  link_->scalar("SELECT pg_advisory_unlock_all()::text");
  state_.settings = {};
  state_.prepared.clear();
  response.add(text_change_token(EnvironmentChange::reset_connection, "", ""));
}

}  // namespace flowdb::tds_server
