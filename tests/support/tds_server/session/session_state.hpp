#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "support/tds_server/protocol/login7.hpp"
#include "support/tds_server/protocol/sql_error.hpp"

namespace flowdb::tds_server {

/// What SET changes; a reset brings the defaults back.
struct SessionSettings {
  bool no_count = false;
  bool xact_abort = false;
  bool identity_insert = false;
  std::string isolation = "READ COMMITTED";  ///< as T-SQL writes it
  long lock_timeout = -1;                    ///< milliseconds; negative waits for ever
  int date_first = 7;
  std::string language = "us_english";
};

/// A statement that the client may run again by its number.
struct PreparedStatement {
  std::string sql{};
  std::string declarations{};
};

/// What a session remembers between requests.
struct SessionState {
  std::uint16_t id = 0;
  Login login{};
  std::string database{};
  SessionSettings settings{};
  std::int32_t last_error = 0;
  std::uint64_t row_count = 0;
  /// What the CATCH block is about that runs.
  std::optional<SqlError> caught{};
  std::map<std::int32_t, PreparedStatement> prepared{};
  std::int32_t last_handle = 0;
};

/// What @@TRANCOUNT and XACT_STATE() tell.
struct TransactionFacts {
  int count = 0;
  bool is_doomed = false;
};

/// The SQL of `@@SPID`, `DB_NAME()`, `SERVERPROPERTY EDITION` … for PostgreSQL; nullopt for what
/// this server does not know.
std::optional<std::string> session_fact(const SessionState& state,
                                        const TransactionFacts& transaction,
                                        const std::string& name);

}  // namespace flowdb::tds_server
