#include "support/tds_server/protocol/tokens.hpp"

#include <algorithm>

#include "support/tds_server/protocol/unicode.hpp"
#include "support/tds_server/protocol/value_encoder.hpp"

namespace flowdb::tds_server {
namespace {

constexpr std::uint8_t kReturnStatus = 0x79;
constexpr std::uint8_t kColumns = 0x81;
constexpr std::uint8_t kError = 0xAA;
constexpr std::uint8_t kInfo = 0xAB;
constexpr std::uint8_t kReturnValue = 0xAC;
constexpr std::uint8_t kLoginAcknowledgement = 0xAD;
constexpr std::uint8_t kFeatures = 0xAE;
constexpr std::uint8_t kRow = 0xD1;
constexpr std::uint8_t kRowWithNulls = 0xD2;
constexpr std::uint8_t kChange = 0xE3;
constexpr std::string_view kServerName = "flowdb";

/// B_VARCHAR: characters counted in one byte.
void put_short_text(std::string& out, std::string_view text) {
  std::string units = utf16_from_utf8(text);
  units.resize(std::min<std::size_t>(units.size(), 2 * 255));
  put_u8(out, units.size() / 2);
  out += units;
}

/// US_VARCHAR: characters counted in two bytes.
void put_text(std::string& out, std::string_view text) {
  const std::string units = utf16_from_utf8(text);
  put_u16(out, units.size() / 2);
  out += units;
}

/// A token whose length follows its first byte.
std::string with_length(std::uint8_t token, std::string_view body) {
  std::string out;
  put_u8(out, token);
  put_u16(out, body.size());
  out += body;
  return out;
}

std::string message_token(std::uint8_t token, const SqlError& message) {
  // Lengths of tokens are 16 bits: SQL Server cuts its messages at 2,048 characters.
  std::string text = message.what();
  text.resize(std::min<std::size_t>(text.size(), 2048));
  std::string body;
  put(body, message.number());
  put_u8(body, message.state());
  put_u8(body, message.severity());
  put_text(body, text);
  put_short_text(body, kServerName);
  put_short_text(body, "");  // no procedure
  put_u32(body, message.line() == 0 ? 1 : message.line());
  return with_length(token, body);
}

bool needs_table_name(const WireType& wire) {
  return wire.token == token::kText || wire.token == token::kNText || wire.token == token::kImage;
}

}  // namespace

std::string columns_token(const std::vector<Column>& columns) {
  constexpr unsigned kNullable = 0x01;
  constexpr unsigned kWritable = 0x08;
  constexpr unsigned kIdentity = 0x10;
  std::string out;
  put_u8(out, kColumns);
  put_u16(out, columns.size());
  for (const Column& column : columns) {
    put_u32(out, 0);  // no user-defined type
    put_u16(out, (column.nullable ? kNullable : 0) | (column.identity ? kIdentity : kWritable));
    put_type_info(out, column.wire);
    if (needs_table_name(column.wire)) {
      put_u8(out, 1);
      put_text(out, column.table);
    }
    put_short_text(out, column.name);
  }
  return out;
}

std::string row_token(const std::vector<Column>& columns, const Cells& cells) {
  const auto is_null = [](const auto& cell) { return !cell.has_value(); };
  const bool has_nulls = std::any_of(cells.begin(), cells.end(), is_null);
  std::string out;
  put_u8(out, has_nulls ? kRowWithNulls : kRow);
  if (has_nulls) {
    std::string bits((cells.size() + 7) / 8, '\0');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (is_null(cells[i])) bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << i % 8);
    }
    out += bits;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i]) put_value(out, columns[i].wire, *cells[i]);
  }
  return out;
}

std::string done_token(const Done& done) {
  std::string out;
  put_u8(out, static_cast<std::uint8_t>(done.token));
  put_u16(out, done.status);
  put_u16(out, done.command);
  put(out, done.rows);
  return out;
}

std::string error_token(const SqlError& error) {
  return message_token(kError, error);
}

std::string info_token(std::int32_t number, std::string_view text) {
  return message_token(kInfo, SqlError{number, std::string{text}, 0});
}

std::string text_change_token(EnvironmentChange kind, std::string_view now,
                              std::string_view before) {
  std::string body;
  put_u8(body, static_cast<std::uint8_t>(kind));
  put_short_text(body, now);
  put_short_text(body, before);
  return with_length(kChange, body);
}

std::string bytes_change_token(EnvironmentChange kind, std::string_view now,
                               std::string_view before) {
  std::string body;
  put_u8(body, static_cast<std::uint8_t>(kind));
  put_u8(body, now.size());
  body += now;
  put_u8(body, before.size());
  body += before;
  return with_length(kChange, body);
}

std::string login_acknowledgement_token() {
  std::string body;
  put_u8(body, 1);  // T-SQL
  body += std::string_view{"\x74\x00\x00\x04", 4};
  // Drivers tell SQL Server from Sybase by this name.
  put_short_text(body, "Microsoft SQL Server");
  body += std::string_view{"\x10\x00\x03\xE8", 4};  // 16.0.1000
  return with_length(kLoginAcknowledgement, body);
}

std::string no_features_token() {
  std::string out;
  put_u8(out, kFeatures);
  put_u8(out, 0xFF);
  return out;
}

std::string return_status_token(std::int32_t status) {
  std::string out;
  put_u8(out, kReturnStatus);
  put(out, status);
  return out;
}

std::string return_value_token(std::uint16_t ordinal, std::string_view name, const WireType& wire,
                               const std::optional<std::string>& value) {
  std::string out;
  put_u8(out, kReturnValue);
  put_u16(out, ordinal);
  put_short_text(out, name);
  put_u8(out, 0x01);  // an output parameter
  put_u32(out, 0);
  put_u16(out, 0x01);  // nullable
  put_type_info(out, wire);
  if (value) {
    put_value(out, wire, *value);
  } else {
    put_null(out, wire);
  }
  return out;
}

}  // namespace flowdb::tds_server
