#include "backend/postgresql/fate_sql.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// An identifier that the server was given once, and the course of history that it writes: a
/// standby leaves that when it is promoted, and there the same id may be another transaction's. Not
/// for a server in recovery.
constexpr const char* kServer =
    "(SELECT system_identifier::text FROM pg_catalog.pg_control_system()) || ' ' ||"
    " pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)";

/// Statistics begin anew after a crash, and are kept over an orderly restart.
constexpr const char* kLife = "pg_catalog.pg_stat_get_bgwriter_stat_reset_time()";

/// The recovery from the last crash knew of an id up to $1: no other transaction can have got it
/// since. The checkpoint that ends a recovery tells where the ids went on, and it is still the
/// latest when it describes nothing but itself and was made in this life. (A running server's
/// describes what was under way, too, unless it writes the least of logs.)
constexpr const char* kIdSurvived =
    "(SELECT redo_lsn = checkpoint_lsn AND checkpoint_time >="
    " pg_catalog.date_trunc('second', greatest(pg_catalog.pg_postmaster_start_time(),"
    " pg_catalog.pg_stat_get_bgwriter_stat_reset_time()))"
    " AND pg_catalog.current_setting('wal_level') <> 'minimal'"
    " AND pg_catalog.split_part(next_xid, ':', 1)::bigint * 4294967296"
    " + pg_catalog.split_part(next_xid, ':', 2)::bigint > $1::bigint"
    " FROM pg_catalog.pg_control_checkpoint())";

}  // namespace

std::string can_ask_for_fate() {
  return "(SELECT pg_catalog.count(*) = 8 FROM pg_catalog.pg_proc"
         " WHERE pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND proname IN"
         " ('txid_current', 'txid_current_if_assigned', 'txid_status', 'pg_control_system',"
         " 'pg_control_checkpoint', 'pg_walfile_name', 'pg_current_wal_lsn',"
         " 'pg_stat_get_bgwriter_stat_reset_time')"
         " AND pg_catalog.has_function_privilege(oid, 'execute'))";
}

std::string transaction_question(const std::string& id, bool full) {
  const auto question = "SELECT pg_catalog." + id + "()";
  if (!full) {
    return question;
  }
  return question +
         ", pg_catalog.pg_backend_pid(),"
         " CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN " +
         kServer + " END, " + kLife;
}

std::string fate_question() {
  return std::string{"SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'standby' WHEN "} +
         kServer +
         " <> $2 THEN 'other server'"
         " ELSE coalesce(pg_catalog.txid_status($1::bigint), 'forgotten') END, " +
         kLife + ", pg_catalog.current_setting('synchronous_standby_names') <> '', " + kIdSurvived;
}

std::string write_nothing() {
  return "SELECT pg_catalog.pg_logical_emit_message(true, 'flowdb', '')";
}

std::string end_of_session() {
  return "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
         " WHERE pid = $2::int AND state LIKE 'idle in transaction%'"
         " AND backend_xid::text = ($1::bigint % 4294967296)::text";
}

}  // namespace flowdb::backend::postgresql
