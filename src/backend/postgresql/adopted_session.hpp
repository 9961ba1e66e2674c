#pragma once

#include <soci/soci.h>

#include "backend/postgresql/handles.hpp"

namespace flowdb::backend::postgresql {

/// Opens `session`, which must be closed, on a connection that is there already; session.close()
/// closes both. SOCI makes a session only by connecting and then waits for an answer without any
/// limit, so it connects to a LoginResponder, and its handle is exchanged: SOCI never sees where
/// the connection goes to, nor a password.
/// \throws std::system_error, soci::soci_error; the connection is then closed.
void open_on(soci::session& session, ConnectionHandle connection);

}  // namespace flowdb::backend::postgresql
