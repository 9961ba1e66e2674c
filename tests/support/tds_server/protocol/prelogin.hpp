#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowdb::tds_server {

/// MS-TDS 2.2.6.5, option ENCRYPTION.
enum class Encryption : std::uint8_t { off = 0, on = 1, not_supported = 2, required = 3 };

/// What the client asks for in its PRELOGIN message; throws ProtocolError.
Encryption read_prelogin(std::string_view payload);

/// The server's PRELOGIN answer.
std::string write_prelogin(Encryption encryption);

/// What both sides settle on (the table of MS-TDS 2.2.6.5): `on` encrypts the whole connection,
/// `off` the login alone, `not_supported` nothing. `required` as the server's word when the client
/// cannot encrypt and must be turned away.
Encryption agree(Encryption server, Encryption client);

}  // namespace flowdb::tds_server
