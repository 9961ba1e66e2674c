#include "support/tds_server/session/scripted.hpp"

namespace flowdb::tds_server {

void send_scripted(const ScriptedAnswer& answer, Response& response) {
  std::vector<Column> columns;
  for (const auto& field : answer.fields) {
    Column column;
    column.name = field.name;
    column.wire = wire_type(field.type);
    columns.push_back(std::move(column));
  }
  if (!columns.empty()) response.add(columns_token(columns));
  for (const auto& row : answer.rows) {
    response.add(row_token(columns, Cells{row.begin(), row.end()}));
  }
  if (answer.error) response.add_error(*answer.error);
  response.add_done(command::kSelect, answer.rows.size(), answer.error.has_value());
}

}  // namespace flowdb::tds_server
