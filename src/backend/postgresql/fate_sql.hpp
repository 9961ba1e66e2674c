#pragma once

#include <string>

namespace flowdb::backend::postgresql {

/// The SQL by which a transaction's fate can be asked for. All of it is public in PostgreSQL from
/// version 10 on, unless an administrator has revoked something.

/// An expression: the role may use all that is used here, and the server has it, as others that
/// speak PostgreSQL's protocol may not.
std::string can_ask_for_fate();

/// The id of the transaction under way by the function `id`, and when `full` the session's process,
/// the server (NULL on a standby) and its life.
std::string transaction_question(const std::string& id, bool full);

/// What has become of the transaction $1 of the server $2: a word, the server's life, and whether
/// commits wait for a standby.
/// The words are txid_status()'s, and `standby`, `other server`, `forgotten`. An id that the server
/// has not come to yet is the error 22023.
std::string fate_question();

/// A transaction that is logged, and so replicated, and changes nothing.
std::string write_nothing();

/// Ends the session of process $2 when it has transaction $1 open and waits for its client.
std::string end_of_session();

}  // namespace flowdb::backend::postgresql
