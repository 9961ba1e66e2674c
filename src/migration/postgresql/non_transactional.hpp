#pragma once

#include "migration/non_transactional.hpp"

namespace flowdb::migration::postgresql {

class PostgresqlNonTransactional final : public NonTransactional {
 public:
  bool try_lock(backend::Connection& connection, std::string_view history_table) const override;
  void unlock(backend::Connection& connection, std::string_view history_table) const override;
  std::string progress_definition(const std::string& table) const override;
  const char* table_question() const override;
  bool is_of_session(std::string_view script, const sql::ScriptStatement& statement) const override;
  Inspection inspect(backend::Connection& connection, std::string_view script,
                     const sql::ScriptStatement& statement) const override;
  std::vector<std::string> leftovers(backend::Connection& connection) const override;
  std::string pooler_advice(const std::string& database_name) const override;
};

}  // namespace flowdb::migration::postgresql
