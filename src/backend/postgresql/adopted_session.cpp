#include "backend/postgresql/adopted_session.hpp"

#include <utility>

#include <soci/postgresql/soci-postgresql.h>

#include "backend/postgresql/login_responder.hpp"

namespace flowdb::backend::postgresql {

void open_on(soci::session& session, ConnectionHandle connection) {
  const LoginResponder responder;
  session.open(soci::postgresql, responder.conninfo());
  // Not dynamic_cast: SOCI's archives carry no type information for it to look at.
  auto& backend = *static_cast<soci::postgresql_session_backend*>(session.get_backend());
  PQfinish(std::exchange(backend.conn_, connection.release()));
}

}  // namespace flowdb::backend::postgresql
