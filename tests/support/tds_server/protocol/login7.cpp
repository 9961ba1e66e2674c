#include "support/tds_server/protocol/login7.hpp"

#include "support/tds_server/protocol/bytes.hpp"
#include "support/tds_server/protocol/unicode.hpp"

namespace flowdb::tds_server {
namespace {

/// Takes an offset and a length in characters, and what stands there.
std::string_view part(ByteReader& table, std::string_view payload) {
  const std::size_t offset = table.u16();
  const std::size_t size = 2U * table.u16();
  if (offset + size > payload.size()) throw ProtocolError("a LOGIN7 field out of bounds");
  return payload.substr(offset, size);
}

/// MS-TDS 2.2.6.4: the client swaps each byte's halves and flips bits with 0xA5.
std::string reveal(std::string_view obfuscated) {
  std::string plain;
  for (const char c : obfuscated) {
    const unsigned flipped = static_cast<unsigned char>(c) ^ 0xA5U;
    plain.push_back(static_cast<char>((flipped << 4U | flipped >> 4U) & 0xFFU));
  }
  return plain;
}

}  // namespace

Login read_login(std::string_view payload) {
  Login login;
  ByteReader reader{payload};
  if (reader.u32() != payload.size()) throw ProtocolError("LOGIN7 of another length than it says");
  login.tds_version = reader.u32();
  login.packet_size = reader.u32();
  reader.take(4 + 4 + 4);  // the client program's version and process id, the connection's id
  reader.take(1);          // OptionFlags1
  login.integrated = (reader.u8() & 0x80U) != 0;
  login.read_only_intent = (reader.u8() & 0x20U) != 0;
  login.has_extensions = (reader.u8() & 0x10U) != 0;
  reader.take(4 + 4);  // time zone, locale
  login.host = utf8_from_utf16(part(reader, payload));
  login.user = utf8_from_utf16(part(reader, payload));
  login.password = utf8_from_utf16(reveal(part(reader, payload)));
  login.program = utf8_from_utf16(part(reader, payload));
  part(reader, payload);  // the server's name
  reader.take(4);         // where the extensions stand, in bytes
  part(reader, payload);  // the client library's name
  part(reader, payload);  // language
  login.database = utf8_from_utf16(part(reader, payload));
  return login;
}

}  // namespace flowdb::tds_server
