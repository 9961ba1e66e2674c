#include "support/tds_server/protocol/request.hpp"

#include "support/tds_server/protocol/bytes.hpp"
#include "support/tds_server/protocol/type_info_reader.hpp"
#include "support/tds_server/protocol/unicode.hpp"
#include "support/tds_server/protocol/value_decoder.hpp"

namespace flowdb::tds_server {
namespace {

/// The transaction that ALL_HEADERS names is always the only one of the connection.
void skip_headers(ByteReader& reader) {
  const std::size_t total = reader.u32();
  if (total < 4) throw ProtocolError("ALL_HEADERS shorter than its length");
  reader.take(total - 4);
}

RpcParameter read_parameter(ByteReader& reader) {
  RpcParameter parameter;
  parameter.name = utf8_from_utf16(reader.take(2U * reader.u8()));
  const std::uint8_t status = reader.u8();
  parameter.is_output = (status & 0x01U) != 0;
  parameter.is_default = (status & 0x02U) != 0;
  parameter.wire = read_type_info(reader);
  parameter.value = read_value(reader, parameter.wire);
  return parameter;
}

/// A byte that stands where a parameter's name would begin, and separates calls (2.2.6.6).
bool is_separator(std::uint8_t byte) {
  return byte == 0x80 || byte == 0xFE || byte == 0xFF;
}

}  // namespace

std::string read_sql_batch(std::string_view payload) {
  ByteReader reader{payload};
  skip_headers(reader);
  return utf8_from_utf16(reader.take(reader.remaining()));
}

std::vector<RpcCall> read_rpc(std::string_view payload) {
  ByteReader reader{payload};
  skip_headers(reader);
  std::vector<RpcCall> calls;
  while (!reader.at_end()) {
    RpcCall call;
    const std::size_t name_length = reader.u16();
    if (name_length == 0xFFFF) {
      call.procedure_id = reader.u16();
    } else {
      call.procedure = utf8_from_utf16(reader.take(2 * name_length));
    }
    reader.u16();  // options: whether metadata are wanted again; they are always sent
    while (!reader.at_end() && !is_separator(reader.peek())) {
      call.parameters.push_back(read_parameter(reader));
    }
    if (!reader.at_end()) reader.u8();
    calls.push_back(std::move(call));
  }
  return calls;
}

TransactionRequest read_transaction_request(std::string_view payload) {
  ByteReader reader{payload};
  skip_headers(reader);
  TransactionRequest request;
  request.verb = static_cast<TransactionVerb>(reader.u16());
  switch (request.verb) {
    case TransactionVerb::begin:
      request.isolation = reader.u8();
      request.name = utf8_from_utf16(reader.take(reader.u8()));
      return request;
    case TransactionVerb::commit:
    case TransactionVerb::rollback:
      request.name = utf8_from_utf16(reader.take(reader.u8()));
      request.begins_another = (reader.u8() & 0x01U) != 0;
      if (request.begins_another) request.isolation = reader.u8();
      return request;
    case TransactionVerb::save:
      request.name = utf8_from_utf16(reader.take(reader.u8()));
      return request;
    case TransactionVerb::promote:
      break;
  }
  throw ProtocolError("a transaction request that is not supported");
}

}  // namespace flowdb::tds_server
