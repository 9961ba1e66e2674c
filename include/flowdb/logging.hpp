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

}  // namespace v0_1
}  // namespace flowdb
