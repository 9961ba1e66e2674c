#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/tds_server/protocol/data_type.hpp"
#include "support/tds_server/protocol/fault.hpp"
#include "support/tds_server/protocol/sql_error.hpp"

namespace flowdb::tds_server {

/// An answer that PostgreSQL is not asked for. Values are in PostgreSQL's text form.
struct ScriptedAnswer {
  struct Field {
    std::string name{};
    DataType type{};
  };
  std::vector<Field> fields{};
  std::vector<std::vector<std::optional<std::string>>> rows{};
  /// Comes behind the rows.
  std::optional<SqlError> error{};
};

/// What goes wrong. A request is meant when its SQL contains `request`; an empty text means all.
struct FaultPlan {
  /// Instead of a login that would succeed.
  std::optional<SqlError> refuse_login{};
  /// Bytes count from the connection's first.
  std::optional<Fault> at_login{};

  std::string request{};
  /// Bytes count from the first of the request's answer.
  std::optional<Fault> at_answer{};
  /// The request's statement fails when so many of its rows are sent.
  std::optional<SqlError> error{};
  std::uint64_t error_after_rows = 0;
  std::optional<ScriptedAnswer> answer{};
  /// The client's wish to cancel is read, and nothing follows from it, for any request.
  bool ignores_attention = false;

  bool means(const std::string& sql) const { return sql.find(request) != std::string::npos; }
};

}  // namespace flowdb::tds_server
