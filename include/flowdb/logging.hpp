#pragma once

#include <memory>

#include <spdlog/logger.h>

namespace flowdb {
inline namespace v0_1 {

/// Sends flowdb's records to `logger`; nullptr goes back to the default, a logger named `flowdb`
/// that writes to stderr. Thread-safe; records under way may still go to the former one.
///
/// Records never hold a bound value, a password or a connection string, at any level. Statements
/// appear as fingerprints, with `?` in place of every literal. Levels: trace and debug for single
/// operations, info for what happens rarely (migrations, the pool's end), warn for slow statements,
/// lost connections and missing TLS, error for failed calls.
void set_logger(std::shared_ptr<spdlog::logger> logger);

/// Has every operation written to `logger`, as a line of JSON each (of one that is tried again,
/// each attempt): who (`user`, `flow`, `task`, `run_id`, `process`), what (`database`, `operation`,
/// `statement`), when (`time`, at which it began, ISO 8601 in UTC) and how it ended (`outcome`,
/// `error`, `sqlstate`, `rows`, `duration_ms`). What is not known is left out. Never a bound value,
/// a password, or the text of an error. nullptr: off, as it is from the start.
///
/// Who, where the RunContext does not say: the operating system's user; flow and run by
/// PREFECT__FLOW_NAME and PREFECT__FLOW_RUN_ID (of Prefect 1: PREFECT__CONTEXT__FLOW_RUN_ID), as
/// they are when this is called.
///
/// The logger and its sinks are to serve nothing else: level, pattern and error handler become the
/// audit's; when to flush is the caller's to say. A line that cannot be written breaks no call; the
/// first one is told of in flowdb's log. Thread-safe. (fork() copies the mutex of a sink as it is:
/// a child of a process with several threads sets a logger of its own first.)
void set_audit_logger(std::shared_ptr<spdlog::logger> logger);

}  // namespace v0_1
}  // namespace flowdb
