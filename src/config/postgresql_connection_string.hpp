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
  std::vector<Keyword> keywords;  ///< libpq keywords (host, port, dbname, user, sslmode …) but password
  Secret password;
  std::vector<std::string> hosts;  ///< as given; a path or an empty one is a local socket

  /// The value of a keyword; empty when it is not given.
  std::string value(const std::string& name) const;
  /// Quoted keyword/value text for PQconnectdb, the password included.
  Secret to_conninfo() const;
};

/// \throws ConfigurationError when the text cannot be understood, has an unknown keyword, or
/// switches TLS off for a host that is not local without `allow_plaintext`. The message names the
/// database and what is wrong, and shows no part of the text that could be a secret.
/// sslmode becomes `require` at least for every host that is not local, and `verify-full` when a
/// root certificate is given.
PostgresqlTarget parse_postgresql(const std::string& database_name, const Secret& text,
                                  bool allow_plaintext);

}  // namespace flowdb::config
