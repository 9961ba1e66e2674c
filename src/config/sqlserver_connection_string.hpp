#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/secret.hpp"

namespace flowdb::config {

/// A SQL Server connection string taken apart: URL (`mssql://`, `sqlserver://`, `mssql+pyodbc://`
/// or any other `+driver`) or ODBC keyword text. It says what is wanted, whatever the driver's own
/// words for it are.
struct SqlserverTarget {
  enum class Encryption {
    off,        ///< not even the login, where the driver can do that (FreeTDS)
    optional,   ///< the login only, and where the server offers it
    mandatory,  ///< the whole session
    strict,     ///< TLS before the first byte (TDS 8.0); the certificate is always verified
  };
  /// A keyword that has no field of its own here.
  struct Keyword {
    std::string name;       ///< as written
    Secret value;           ///< some are secret: KeystoreSecret
    std::size_t place = 0;  ///< 1 for the first keyword of the text, to name it without showing it
  };

  std::string driver = {};  ///< as installed, or the path of its library; empty: not said
  /// A name in odbc.ini, or in freetds.conf (SERVERNAME); with either, host, port and instance
  /// are empty.
  std::string data_source = {};
  std::string freetds_entry = {};
  std::string host = {};      ///< an IPv6 address without brackets
  int port = 0;               ///< 0: not said
  std::string instance = {};  ///< named instance; empty: the default one
  std::string database = {};  ///< empty: the login's default one
  std::string user = {};
  Secret password = {};
  bool trusted_connection = false;  ///< Kerberos or the like instead of user and password
  std::string authentication = {};  ///< Microsoft's drivers: ActiveDirectory…; empty: not said

  Encryption encryption = Encryption::mandatory;
  /// A host that is not local may be spoken to without TLS, as allow_plaintext permits; the caller
  /// logs a warning.
  bool plaintext = false;
  std::optional<bool> trust_server_certificate = {};
  std::string certificate_host = {};  ///< HostNameInCertificate
  std::string server_certificate =
      {};  ///< ServerCertificate: the file to compare the server's with

  std::string application_intent = {};  ///< ReadOnly, ReadWrite; empty: not said
  std::optional<bool> multi_subnet_failover = {};
  std::string application_name = {};  ///< APP; empty: not said
  std::optional<std::chrono::seconds> login_timeout = {};
  std::vector<Keyword> others = {};
};

/// \throws ConfigurationError when the text cannot be understood, gives a keyword twice, has a user
/// without a password (but for Trusted_Connection or Authentication), or switches TLS off for a
/// host that is not local without `allow_plaintext`. The message names the database and what is
/// wrong, and shows no part of the text that could be a secret.
/// Where the text does not say, encryption is mandatory for every host that is not local and
/// optional for one that is; a data source or an entry of freetds.conf counts as not local. A `+`
/// behind the
/// `?` of a URL stands for a space, and `mssql+pyodbc://` means what it means to SQLAlchemy:
/// `odbc_connect=`, a data source for a host without database and driver, Trusted_Connection where
/// there is no user.
SqlserverTarget parse_sqlserver(const std::string& database_name, const Secret& text,
                                bool allow_plaintext);

}  // namespace flowdb::config
