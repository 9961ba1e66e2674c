#include "support/tds_server/session/greeting.hpp"

#include <algorithm>
#include <memory>

#include "support/tds_server/protocol/tokens.hpp"

namespace flowdb::tds_server {
namespace {

Message expect(PacketStream& packets, PacketType type) {
  Message message = packets.read();
  if (message.type != type) throw ProtocolError("another message than login's next");
  return message;
}

void shake_hands(Wire& wire, PacketStream& packets, const TlsContext& tls) {
  auto session = std::make_unique<TlsSession>(tls);
  while (!session->done()) {
    const std::string answer = session->handshake(expect(packets, PacketType::prelogin).payload);
    if (!answer.empty()) packets.send(PacketType::prelogin, answer);
  }
  wire.start_tls(std::move(session));
}

}  // namespace

Login greet(Wire& wire, PacketStream& packets, const TlsContext& tls, Encryption encryption) {
  const Encryption wanted = read_prelogin(expect(packets, PacketType::prelogin).payload);
  const Encryption agreed = agree(encryption, wanted);
  packets.send(PacketType::tabular_result, write_prelogin(agreed));
  if (agreed == Encryption::required && wanted == Encryption::not_supported) {
    throw ProtocolError("the client cannot encrypt");
  }
  if (agreed != Encryption::not_supported) shake_hands(wire, packets, tls);
  Login login = read_login(expect(packets, PacketType::login7).payload);
  if (agreed == Encryption::off) wire.stop_tls();
  return login;
}

std::size_t agreed_packet_size(const Login& login) {
  if (login.packet_size == 0) return kDefaultPacketSize;
  return std::clamp<std::size_t>(login.packet_size, 512, 32767);
}

std::string login_answer(const Login& login, const std::string& database, std::size_t packet_size) {
  std::string answer = text_change_token(EnvironmentChange::database, database, "master");
  answer += info_token(5701, "Changed database context to '" + database + "'.");
  answer += bytes_change_token(EnvironmentChange::collation, kCollation, "");
  answer += text_change_token(EnvironmentChange::language, "us_english", "");
  answer += info_token(5703, "Changed language setting to us_english.");
  answer += login_acknowledgement_token();
  answer += text_change_token(EnvironmentChange::packet_size, std::to_string(packet_size),
                              std::to_string(kDefaultPacketSize));
  if (login.has_extensions) answer += no_features_token();
  return answer + done_token({DoneToken::done, 0, command::kOther, 0});
}

}  // namespace flowdb::tds_server
