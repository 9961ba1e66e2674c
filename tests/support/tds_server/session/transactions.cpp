#include "support/tds_server/session/transactions.hpp"

#include <algorithm>

#include "support/tds_server/tsql/rewriter.hpp"

namespace flowdb::tds_server {
namespace {

/// PostgreSQL has no level that reads what is not committed, and its REPEATABLE READ is a snapshot.
const char* postgres_level(const std::string& isolation) {
  if (isolation == "SERIALIZABLE") return "SERIALIZABLE";
  if (isolation == "REPEATABLE READ" || isolation == "SNAPSHOT") return "REPEATABLE READ";
  return "READ COMMITTED";
}

std::string savepoint(const std::string& name) {
  return quoted_name("saved " + name);
}

}  // namespace

void Transactions::begin(const std::string& name, Response& response) {
  if (count_ == 0) {
    link_->command(std::string{"BEGIN ISOLATION LEVEL "} + postgres_level(settings_->isolation));
    snapshot_ = settings_->isolation == "SNAPSHOT";
    name_ = name;
    ++number_;
    response.add(bytes_change_token(EnvironmentChange::begin_transaction, descriptor(), ""));
  }
  ++count_;
}

void Transactions::commit(Response& response) {
  if (count_ == 0) {
    throw SqlError{3902, "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION."};
  }
  refuse_write();
  if (count_ > 1) {
    --count_;
    return;
  }
  try {
    link_->command("COMMIT");
  } catch (const PostgresFailure&) {
    finish(EnvironmentChange::rollback_transaction, response);  // as PostgreSQL has
    throw;
  }
  finish(EnvironmentChange::commit_transaction, response);
}

void Transactions::rollback(const std::string& name, Response& response) {
  if (count_ == 0) {
    throw SqlError{3903,
                   "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION."};
  }
  if (!name.empty() && name != name_) {
    refuse_savepoint();
    const auto found = std::find(saved_.rbegin(), saved_.rend(), name);
    if (found == saved_.rend()) {
      throw SqlError{6401, "Cannot roll back " + name +
                               ". No transaction or savepoint of that name was found."};
    }
    saved_.erase(found.base(), saved_.end());
    link_->command("ROLLBACK TO SAVEPOINT " + savepoint(name));
    return;
  }
  link_->command("ROLLBACK");
  finish(EnvironmentChange::rollback_transaction, response);
}

void Transactions::refuse_write() const {
  if (!doomed_) return;
  throw SqlError{3930,
                 "The current transaction cannot be committed and cannot support operations that "
                 "write to the log file. Roll back the transaction.",
                 16, ErrorScope::batch};
}

void Transactions::refuse_savepoint() const {
  if (!doomed_) return;
  throw SqlError{3931,
                 "The current transaction cannot be committed and cannot be rolled back to a "
                 "savepoint. Roll back the entire transaction.",
                 16, ErrorScope::batch};
}

void Transactions::save(const std::string& name) {
  if (count_ == 0) {
    throw SqlError{628, "Cannot issue SAVE TRANSACTION when there is no active transaction."};
  }
  refuse_savepoint();
  link_->command("SAVEPOINT " + savepoint(name));
  saved_.push_back(name);
}

void Transactions::abandon(Response& response) {
  if (count_ == 0) return;
  link_->command("ROLLBACK");
  finish(EnvironmentChange::rollback_transaction, response);
}

void Transactions::guarded(const std::function<void()>& statement) {
  if (count_ == 0) {
    statement();
    return;
  }
  link_->command("SAVEPOINT statement");
  try {
    statement();
  } catch (...) {
    if (!link_->is_broken()) link_->command("ROLLBACK TO SAVEPOINT statement");
    throw;
  }
  link_->command("RELEASE SAVEPOINT statement");
}

void Transactions::restart_statement() {
  if (count_ > 0) link_->command("ROLLBACK TO SAVEPOINT statement");
}

void Transactions::finish(EnvironmentChange how, Response& response) {
  count_ = 0;
  doomed_ = false;
  saved_.clear();
  response.add(bytes_change_token(how, "", descriptor()));
}

/// Of eight bytes, which the client puts into the headers of its requests.
std::string Transactions::descriptor() const {
  std::string bytes;
  put(bytes, number_);
  return bytes;
}

}  // namespace flowdb::tds_server
