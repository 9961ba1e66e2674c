#include "migration/sqlserver/advice.hpp"

#include <string_view>

#include "migration/objections.hpp"

namespace flowdb::migration::sqlserver {

namespace {

// https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
constexpr int kNotFirstInBatch = 111;
constexpr int kUnknownColumn = 207;
constexpr int kNotInTransaction = 226;
constexpr int kObjectDenied = 229;
constexpr int kStatementDenied = 262;
constexpr int kNotInUserTransaction = 574;
constexpr int kNameTaken = 2714;
constexpr int kSchemaDenied = 2760;
constexpr int kNoBackupInTransaction = 3021;
constexpr int kDatabaseReadOnly = 3906;

std::string grant(const std::string& privileges, const SessionFacts& session) {
  return "Have its owner or an administrator run: GRANT " + privileges + " TO " + session.user +
         ";";
}

/// The text between `before` and what closes it; empty when the message does not have it.
std::string between(std::string_view message, std::string_view before, char closing) {
  const auto begin = message.find(before);
  if (begin == std::string_view::npos) return {};
  const auto rest = message.substr(begin + before.size());
  return std::string{rest.substr(0, rest.find(closing))};
}

std::string bracketed(std::string_view name) {
  std::string result = "[";
  for (const char c : name) result += c == ']' ? std::string{"]]"} : std::string(1, c);
  return result + "]";
}

/// "The SELECT permission was denied on the object 'orders', database 'shop', schema 'dbo'."
std::string object_grant(std::string_view message, const SessionFacts& session) {
  const auto privilege = between(message, "The ", ' ');
  const auto object = between(message, "object '", '\'');
  const auto schema = between(message, "schema '", '\'');
  if (object.empty() || schema.empty()) {
    return "The user " + session.user +
           " lacks a right; grant it, or run the migrations as another.";
  }
  return grant(privilege + " ON " + bracketed(schema) + "." + bracketed(object), session);
}

/// "CREATE TABLE permission denied in database 'shop'."
std::string statement_grant(std::string_view message, const SessionFacts& session) {
  const auto privilege = message.substr(0, message.find(" permission denied"));
  return grant(std::string{privilege}, session) + " GRANT ALTER ON SCHEMA::" + session.schema +
         " TO " + session.user + ";";
}

}  // namespace

std::string advice_for(const ErrorFacts& facts, const SessionFacts& session) {
  switch (facts.native_code) {
    case kNotFirstInBatch:
      return "Put GO on a line of its own before it.";
    case kNotInTransaction:
    case kNotInUserTransaction:
    case kNoBackupInTransaction:
      return "A migration runs in one transaction; run this statement apart from the migrations.";
    case kObjectDenied:
      return object_grant(facts.server_message, session);
    case kStatementDenied:
      return statement_grant(facts.server_message, session);
    case kTransactionEnded:
      return "A procedure or a text that it executes begins, commits or rolls back; flowdb does "
             "that.";
    case kLockTimeout:
      return "Another session holds a lock that this statement needs; run the migrations again "
             "when it is done (sys.dm_tran_locks shows whose it is).";
    case kSchemaDenied:
      return grant("ALTER ON SCHEMA::" + session.schema, session);
    case kDatabaseReadOnly:
      return "The database is read-only: connect to the primary server.";
    default:
      return {};
  }
}

std::string history_advice(HistoryTask task, const std::string& table, const ErrorFacts& facts,
                           const SessionFacts& session) {
  switch (facts.native_code) {
    case kUnknownColumn:
      return kForeignTableAdvice;
    case kNameTaken:  // what one may not read one does not see
      return grant("SELECT, INSERT, UPDATE ON " + table, session);
    case kObjectDenied:
      return grant(
          (task == HistoryTask::write ? "SELECT, INSERT, UPDATE ON " : "SELECT ON ") + table,
          session);
    default:
      return advice_for(facts, session);
  }
}

}  // namespace flowdb::migration::sqlserver
