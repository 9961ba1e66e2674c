#pragma once

namespace flowdb::sql {

/// What a statement does, by its first word (behind WITH: by the statement behind it, a
/// data-modifying one inside the WITH included). Good enough to word an error and to refuse what
/// does not belong into a call; never good enough to decide that something is safe to run twice.
enum class StatementKind {
  empty,
  read,         ///< SELECT, VALUES, TABLE, SHOW, EXPLAIN (without ANALYZE)
  write,        ///< INSERT, UPDATE, DELETE, MERGE, SELECT … INTO, EXPLAIN ANALYZE
  definition,   ///< CREATE, ALTER, DROP, TRUNCATE, GRANT …
  transaction,  ///< BEGIN, START, COMMIT, END, ROLLBACK, ABORT, SAVEPOINT, RELEASE, PREPARE
                ///< TRANSACTION
  copy,         ///< COPY
  other,        ///< CALL, DO, SET, VACUUM, LISTEN and the rest
};

}  // namespace flowdb::sql
