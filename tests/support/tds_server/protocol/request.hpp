#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/tds_server/protocol/type_info.hpp"

namespace flowdb::tds_server {

/// A parameter of a remote procedure call.
struct RpcParameter {
  std::string name{};  ///< with its `@`; empty when it goes by its place
  bool is_output = false;
  bool is_default = false;
  WireType wire{};
  std::optional<std::string> value{};
};

struct RpcCall {
  std::uint16_t procedure_id = 0;  ///< MS-TDS 2.2.6.6; 0 when `procedure` names it
  std::string procedure{};
  std::vector<RpcParameter> parameters{};
};

/// MS-TDS 2.2.6.9.
enum class TransactionVerb : std::uint16_t {
  begin = 5,
  promote = 6,
  commit = 7,
  rollback = 8,
  save = 9,
};

struct TransactionRequest {
  TransactionVerb verb = TransactionVerb::begin;
  /// MS-TDS 2.2.6.9.1 ISOLATION_LEVEL; 0 leaves it as it is.
  std::uint8_t isolation = 0;
  std::string name{};
  /// After commit or rollback: begin the next one at once.
  bool begins_another = false;
};

/// These take a message's payload, ALL_HEADERS (2.2.5.3) in front, and throw ProtocolError.
std::string read_sql_batch(std::string_view payload);
std::vector<RpcCall> read_rpc(std::string_view payload);
TransactionRequest read_transaction_request(std::string_view payload);

}  // namespace flowdb::tds_server
