#pragma once

#include "backend/postgresql/link.hpp"

namespace flowdb::backend::postgresql {

/// Takes in what the server says beside its answers: it is logged without its text, which may quote
/// data. That a commit's wait for a standby was broken off is noted in `link`, which must live as
/// long as the connection.
void receive_notices(Link& link);

}  // namespace flowdb::backend::postgresql
