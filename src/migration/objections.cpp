#include "migration/objections.hpp"

namespace flowdb::migration {

std::string transaction_control_objection(const std::string& statement) {
  return statement +
         " has no place here: flowdb runs each migration in one transaction, which it begins and "
         "commits; remove the statement.";
}

std::string non_transactional_objection(const std::string& statement, const std::string& remedy) {
  return statement +
         ": the server refuses this statement within a transaction, and a migration runs in one; " +
         remedy + " apart from the migrations.";
}

}  // namespace flowdb::migration
