#pragma once

#include <string>
#include <string_view>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

namespace flowdb::testing {

/// What an error's text says of a statement: literals and numbers as `?`.
std::string fingerprint_of(std::string_view sql);

// What the PostgreSQL backend throws in the same place, with the same facts.

/// The connection broke before anything of the statement was sent.
[[noreturn]] void throw_not_sent(const std::string& database_name);
/// The connection broke before the answer came. `writes`: the statement is not a mere SELECT;
/// `commits`: it would have committed by itself what it, or a function in it, has written.
[[noreturn]] void throw_lost(const std::string& database_name, const Call& call, bool writes,
                             bool commits);
[[noreturn]] void throw_commit_lost(const std::string& database_name);
[[noreturn]] void throw_commit_answered_rollback(const std::string& database_name);
/// The server has cancelled the statement.
[[noreturn]] void throw_timeout(const std::string& database_name, const Call& call);
[[noreturn]] void throw_refused(const std::string& database_name, const std::string& reason,
                                const std::string& sqlstate);
[[noreturn]] void throw_connection_refused(const std::string& database_name);

/// Strict mode: no expectation matches.
[[noreturn]] void throw_unexpected(const std::string& database_name, const Call& call);

}  // namespace flowdb::testing
