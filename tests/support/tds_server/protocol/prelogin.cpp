#include "support/tds_server/protocol/prelogin.hpp"

#include <utility>
#include <vector>

#include "support/tds_server/protocol/bytes.hpp"

namespace flowdb::tds_server {
namespace {

constexpr std::uint8_t kVersion = 0x00;
constexpr std::uint8_t kEncryption = 0x01;
constexpr std::uint8_t kInstance = 0x02;
constexpr std::uint8_t kThreadId = 0x03;
constexpr std::uint8_t kMars = 0x04;
constexpr std::uint8_t kTerminator = 0xFF;

}  // namespace

Encryption read_prelogin(std::string_view payload) {
  ByteReader options{payload};
  Encryption encryption = Encryption::not_supported;
  while (options.peek() != kTerminator) {
    const std::uint8_t option = options.u8();
    const std::size_t offset = options.u16_big_endian();
    const std::size_t length = options.u16_big_endian();
    if (offset + length > payload.size()) throw ProtocolError("a PRELOGIN option out of bounds");
    if (option == kEncryption && length == 1) {
      encryption = static_cast<Encryption>(payload[offset]);
    }
  }
  return encryption;
}

std::string write_prelogin(Encryption encryption) {
  std::string version;
  put_u8(version, 16);  // major, minor, build (big endian), sub-build
  put_u8(version, 0);
  put_u16_big_endian(version, 1000);
  put_u16(version, 0);
  const std::vector<std::pair<std::uint8_t, std::string>> options{
      {kVersion, version},
      {kEncryption, std::string(1, static_cast<char>(encryption))},
      {kInstance, std::string(1, '\0')},
      {kThreadId, ""},
      {kMars, std::string(1, '\0')}};
  std::string table;
  std::string values;
  const std::size_t table_size = options.size() * 5 + 1;
  for (const auto& [option, value] : options) {
    put_u8(table, option);
    put_u16_big_endian(table, table_size + values.size());
    put_u16_big_endian(table, value.size());
    values += value;
  }
  put_u8(table, kTerminator);
  return table + values;
}

Encryption agree(Encryption server, Encryption client) {
  const bool client_wants = client == Encryption::on || client == Encryption::required;
  switch (server) {
    case Encryption::not_supported:
      return Encryption::not_supported;
    case Encryption::off:
      if (client == Encryption::not_supported) return Encryption::not_supported;
      return client_wants ? Encryption::on : Encryption::off;
    case Encryption::on:
    case Encryption::required:
      break;
  }
  return client == Encryption::not_supported ? Encryption::required
         : client_wants                      ? Encryption::on
                                             : Encryption::required;
}

}  // namespace flowdb::tds_server
