#pragma once

#include <memory>
#include <string>

#include "backend/sqlserver/odbc.hpp"
#include "backend/sqlserver/watched_socket.hpp"
#include "core/secret.hpp"

namespace flowdb::backend::sqlserver {

/// What all connections of one backend have in common.
struct ServerIdentity {
  std::string database_name;
  Secret password;
  bool read_only = false;
};

enum class TransactionState {
  none,
  open,
  failed,  ///< a statement of it has failed: it can only be rolled back, as on PostgreSQL
};

/// A connection as the parts that work on it share it.
struct Link {
  SQLHDBC connection = SQL_NULL_HDBC;
  /// The one statement handle of the connection: the protocol carries one statement at a time.
  SQLHSTMT statement = SQL_NULL_HSTMT;
  std::shared_ptr<WatchedSocket> socket;
  const ServerIdentity* identity = nullptr;
  TransactionState transaction = TransactionState::none;
  /// An answer has not been read to its end.
  bool busy = false;
  /// The socket failed, or an answer was given up on.
  bool broken = false;
  /// It was the server or the network that ended it.
  bool lost = false;
};

}  // namespace flowdb::backend::sqlserver
