#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowdb::tds_server {

/// What the server needs of LOGIN7 (MS-TDS 2.2.6.4).
struct Login {
  std::uint32_t tds_version = 0;
  std::uint32_t packet_size = 0;
  std::string host{};
  std::string user{};
  std::string password{};
  std::string program{};
  std::string database{};
  bool read_only_intent = false;
  /// It has feature extensions, so that an answer to them is due.
  bool has_extensions = false;
  /// It wants to be somebody by other means than a password (SSPI, federated).
  bool integrated = false;
};

Login read_login(std::string_view payload);

}  // namespace flowdb::tds_server
