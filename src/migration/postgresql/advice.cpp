#include "migration/postgresql/advice.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"

namespace flowdb::migration::postgresql {

namespace {

constexpr std::string_view kDenied = "permission denied for ";
constexpr std::string_view kNotOwner = "must be owner of ";
constexpr std::string_view kNoExtension = "permission denied to create extension";

/// Kinds of objects as the server's messages call them and as GRANT and ALTER do, and the right
/// that is missed where the statement does not say more.
struct ObjectKind {
  std::string_view in_message;
  std::string_view in_grant;
  std::string_view in_alter;
  std::string_view privilege;
};
constexpr std::array<ObjectKind, 12> kObjectKinds{{
    {"schema", "SCHEMA", "SCHEMA", "USAGE"},
    {"table", "TABLE", "TABLE", "SELECT"},
    {"view", "TABLE", "VIEW", "SELECT"},
    {"materialized view", "TABLE", "MATERIALIZED VIEW", "SELECT"},
    {"foreign table", "TABLE", "FOREIGN TABLE", "SELECT"},
    {"sequence", "SEQUENCE", "SEQUENCE", "USAGE, SELECT, UPDATE"},
    {"function", "FUNCTION", "FUNCTION", "EXECUTE"},
    {"procedure", "PROCEDURE", "PROCEDURE", "EXECUTE"},
    {"type", "TYPE", "TYPE", "USAGE"},
    {"language", "LANGUAGE", "LANGUAGE", "USAGE"},
    {"database", "DATABASE", "DATABASE", "CREATE"},
    {"tablespace", "TABLESPACE", "TABLESPACE", "CREATE"},
}};

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// `Order lines` → `"Order lines"`; the server's messages show names as they are.
std::string quoted(std::string_view name) {
  const bool is_plain =
      !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
      });
  if (is_plain) return std::string{name};
  std::string result = "\"";
  for (const char c : name) result += c == '"' ? std::string{"\"\""} : std::string(1, c);
  return result + "\"";
}

/// The kind that `rest` (behind `permission denied for `) begins with; the longest one counts.
const ObjectKind* kind_in(std::string_view rest) {
  const ObjectKind* best = nullptr;
  for (const auto& kind : kObjectKinds) {
    const bool fits = starts_with(rest, kind.in_message) && rest.size() > kind.in_message.size() &&
                      rest[kind.in_message.size()] == ' ';
    if (fits && (best == nullptr || kind.in_message.size() > best->in_message.size())) best = &kind;
  }
  return best;
}

/// A current schema is one that the role may use already.
std::string_view privilege_for(const ObjectKind& kind, bool is_current_schema,
                               std::string_view verb) {
  const bool defines = verb == "CREATE" || verb == "ALTER";
  if (kind.in_message == "schema") {
    return is_current_schema ? "CREATE" : defines ? "USAGE, CREATE" : kind.privilege;
  }
  if (kind.in_grant != "TABLE") return kind.privilege;
  if (defines) return "REFERENCES, TRIGGER";
  if (verb == "INSERT" || verb == "TRUNCATE") return verb;
  if (verb == "UPDATE") return "SELECT, UPDATE";
  return verb == "DELETE" ? "SELECT, DELETE" : kind.privilege;
}

std::string missing_right(std::string_view message, std::string_view verb,
                          const SessionFacts& session) {
  if (starts_with(message, kNoExtension)) {
    return grant_advice("CREATE ON DATABASE " + session.server_database, session) +
           " That is enough for trusted extensions; any other has to be created by a superuser.";
  }
  const bool needs_owner = starts_with(message, kNotOwner);
  if (needs_owner || starts_with(message, kDenied)) {
    const auto rest = message.substr((needs_owner ? kNotOwner : kDenied).size());
    if (const auto* kind = kind_in(rest)) {
      const auto name = quoted(rest.substr(kind->in_message.size() + 1));
      if (needs_owner) {
        return "Have its owner or a superuser run: ALTER " + std::string{kind->in_alter} + " " +
               name + " OWNER TO " + session.user + ";";
      }
      return grant_advice(std::string{privilege_for(*kind, name == session.schema, verb)} + " ON " +
                              std::string{kind->in_grant} + " " + name,
                          session);
    }
  }
  return "The role " + session.user + " lacks a right; grant it, or run the migrations as another.";
}

}  // namespace

std::string grant_advice(std::string_view privileges_and_object, const SessionFacts& session) {
  return "Have its owner or a superuser run: GRANT " + std::string{privileges_and_object} + " TO " +
         session.user + ";";
}

std::string advice_for(const ErrorFacts& facts, std::string_view verb,
                       const SessionFacts& session) {
  if (facts.sqlstate == "42501") return missing_right(facts.server_message, verb, session);
  if (facts.sqlstate == "25006") {
    return "The session is read-only: connect to the primary server, and as a role whose "
           "default_transaction_read_only is off.";
  }
  if (facts.sqlstate == "25001") {
    return "A migration runs in one transaction; run this statement apart from the migrations.";
  }
  if (facts.sqlstate == "55P03") {
    return "Another session holds a lock that this statement needs; run the migrations again when "
           "it is done (pg_locks shows whose it is).";
  }
  return {};
}

}  // namespace flowdb::migration::postgresql
