#include "support/tds_server/session/session.hpp"

#include <exception>
#include <utility>

#include "support/tds_server/session/greeting.hpp"

namespace flowdb::tds_server {
namespace {

/// The client wants the statement to end.
struct Attention {};

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
  answerer_ = std::make_unique<RequestAnswerer>(wire_, *link_, state_, *transactions_, faults_,
                                                [this] { look_for_attention(); });
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
    // An attention that came behind the end of what it was meant for.
    if (message.type == PacketType::attention) throw Attention{};
    answerer_->answer(message, response);
    response.finish();
  } catch (const Attention&) {
    if (message.type == PacketType::attention && faults_().ignores_attention) return;
    response.finish_with_attention();
  }
  wire_.arm(std::nullopt);
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
