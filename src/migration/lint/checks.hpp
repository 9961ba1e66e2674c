#pragma once

#include "migration/lint/subject.hpp"

/// What each kind of statement is looked at for. A check that does not concern the statement's kind
/// does nothing.
namespace flowdb::migration::lint {

/// ALTER TABLE, command by command.
void check_alter_table(const Subject& subject);
/// The columns' types, in CREATE TABLE and ALTER TABLE.
void check_column_types(const Subject& subject);
/// CREATE INDEX, DROP INDEX, REINDEX, VACUUM FULL, CLUSTER.
void check_indexes(const Subject& subject);
/// DROP TABLE, DROP DATABASE, TRUNCATE, renaming.
void check_removals(const Subject& subject);
/// Domains, enums, names, transactions, UPDATE.
void check_definitions(const Subject& subject);
/// Whether a statement that locks out others waits for that without a limit.
void check_lock_timeout(const Subject& subject);

/// What the statement tells about those behind it.
void learn(const Subject& subject, ScriptState& state);

}  // namespace flowdb::migration::lint
