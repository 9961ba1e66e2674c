#pragma once

#include "support/tds_server/protocol/login7.hpp"
#include "support/tds_server/protocol/packet_stream.hpp"
#include "support/tds_server/protocol/prelogin.hpp"
#include "support/tds_server/protocol/tls.hpp"

namespace flowdb::tds_server {

/// PRELOGIN, the TLS handshake within its packets, LOGIN7 (MS-TDS 3.3.5.1 to 3.3.5.3). Throws
/// ProtocolError when the client will not do as `encryption` wants.
Login greet(Wire& wire, PacketStream& packets, const TlsContext& tls, Encryption encryption);

/// What says to the client that it is in; `packet_size` holds from here on.
std::string login_answer(const Login& login, const std::string& database, std::size_t packet_size);

/// What the client asks for, within MS-TDS 2.2.6.4's bounds.
std::size_t agreed_packet_size(const Login& login);

}  // namespace flowdb::tds_server
