#pragma once

#include <string>
#include <vector>

#include "core/secret.hpp"

namespace flowdb::config {

/// A PostgreSQL connection string taken apart: URL (`postgresql://`, `postgres://`,
/// `postgresql+psycopg2://` or any other `+driver`) or libpq's keyword/value text, several hosts
/// included.
struct PostgresqlTarget {
  struct Keyword {
    std::string name;
    std::string value;
  };
  std::vector<Keyword> keywords;  ///< libpq keywords (host, port, dbname, sslmode …), no secret one
  Secret password;
  Secret sslpassword;  ///< opens the client key of sslkey
  /// As given, at least one; a path or an empty one is a local socket.
  std::vector<std::string> hosts;
  /// A host that is not local may be spoken to without TLS, as allow_plaintext permits; the caller
  /// logs a warning.
  bool plaintext = false;

  bool has(const std::string& name) const;
  /// Adds the keyword, or gives it another value.
  void set(const std::string& name, const std::string& value);
  /// The value of a keyword; empty when it is not given.
  std::string value(const std::string& name) const;
  /// Quoted keyword/value text for PQconnectdb, the password included.
  Secret to_conninfo() const;
};

/// \throws ConfigurationError when the text cannot be understood, has an unknown keyword, or
/// switches TLS off for a host that is not local without `allow_plaintext`. The message names the
/// database and what is wrong, and shows no part of the text that could be a secret.
/// sslmode becomes `require` at least for every host that is not local, and `verify-full` when a
/// root certificate is given; what libpq would take from PGHOST, PGHOSTADDR, PGSERVICE, PGSSLMODE
/// and PGSSLROOTCERT counts. Added where absent: gssencmode=disable, client_encoding=UTF8, TCP
/// keepalives and tcp_user_timeout. connect_timeout and application_name are left to the caller.
PostgresqlTarget parse_postgresql(const std::string& database_name, const Secret& text,
                                  bool allow_plaintext);

}  // namespace flowdb::config
