#pragma once

#include <string_view>

#include "backend/connection.hpp"
#include "core/deadline.hpp"
#include "sql/script.hpp"

namespace flowdb::migration {

/// Sends one statement of `script` once, with the data that follow it if it is a COPY.
inline void send_statement(backend::Connection& connection, std::string_view script,
                           const sql::ScriptStatement& statement, const Deadline& deadline) {
  const auto text = script.substr(statement.begin, statement.end - statement.begin);
  if (!statement.copy_data) {
    connection.run_script(text, deadline);
    return;
  }
  const auto& data = *statement.copy_data;
  connection.run_copy(text, script.substr(data.begin, data.end - data.begin), deadline);
}

}  // namespace flowdb::migration
