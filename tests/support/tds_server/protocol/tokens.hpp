#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/protocol/type_info.hpp"

/// The tokens of an answer (MS-TDS 2.2.7), each as its bytes.
namespace flowdb::tds_server {

/// 2.2.7.6: bits of a DONE's status.
inline constexpr std::uint16_t kDoneMore = 0x0001;
inline constexpr std::uint16_t kDoneError = 0x0002;
inline constexpr std::uint16_t kDoneCount = 0x0010;
inline constexpr std::uint16_t kDoneAttention = 0x0020;

enum class DoneToken : std::uint8_t {
  done = 0xFD,
  done_procedure = 0xFE,
  done_in_procedure = 0xFF
};

struct Done {
  DoneToken token = DoneToken::done;
  std::uint16_t status = 0;
  std::uint16_t command = 0;
  std::uint64_t rows = 0;
};

/// Values of a DONE's CurCmd, which is what the statement was (not documented there in full).
namespace command {
inline constexpr std::uint16_t kSelect = 0xC1;
inline constexpr std::uint16_t kInsert = 0xC3;
inline constexpr std::uint16_t kDelete = 0xC4;
inline constexpr std::uint16_t kUpdate = 0xC5;
inline constexpr std::uint16_t kOther = 0xFD;
}  // namespace command

/// 2.2.7.8: kinds of ENVCHANGE.
enum class EnvironmentChange : std::uint8_t {
  database = 1,
  language = 2,
  packet_size = 4,
  collation = 7,
  begin_transaction = 8,
  commit_transaction = 9,
  rollback_transaction = 10,
  reset_connection = 18,
};

struct Column {
  std::string name{};
  WireType wire{};
  bool nullable = true;
  bool identity = false;
  /// Of the table it is read from; TEXT, NTEXT and IMAGE must name one.
  std::string table{};
};

/// A row; nullopt is NULL. The texts are PostgreSQL's.
using Cells = std::vector<std::optional<std::string_view>>;

std::string columns_token(const std::vector<Column>& columns);
/// ROW, or NBCROW when a cell is NULL. Throws std::out_of_range when a column cannot hold its cell.
std::string row_token(const std::vector<Column>& columns, const Cells& cells);
std::string done_token(const Done& done);
std::string error_token(const SqlError& error);
std::string info_token(std::int32_t number, std::string_view text);
std::string text_change_token(EnvironmentChange kind, std::string_view now,
                              std::string_view before);
std::string bytes_change_token(EnvironmentChange kind, std::string_view now,
                               std::string_view before);
std::string login_acknowledgement_token();
/// 2.2.7.11: no feature that the client offers is taken up.
std::string no_features_token();
std::string return_status_token(std::int32_t status);
std::string return_value_token(std::uint16_t ordinal, std::string_view name, const WireType& wire,
                               const std::optional<std::string>& value);

}  // namespace flowdb::tds_server
