#pragma once

#include <chrono>
#include <string>

#include <flowdb/error.hpp>

#include "backend/effect.hpp"
#include "backend/error_context.hpp"

namespace flowdb::backend {

/// The errors that tell what became of a statement, in the same words for every server.

/// The deadline had passed before anything was sent.
[[noreturn]] void throw_too_late(const ErrorContext& context);

/// The connection broke before the answer came. `message` says what is known of that;
/// `facts.server_message` and its like are kept.
[[noreturn]] void throw_lost(Effect effect, std::string message, ErrorFacts facts);

/// The change may be there or not, for the reason that `message` gives. `effect` is one that is
/// applied by itself.
[[noreturn]] void throw_in_doubt(Effect effect, const std::string& message, ErrorFacts facts);

/// The server refused the statement, but not before it may have committed a part of its work.
void tell_of_partial_commit(std::string& message, ErrorFacts& facts);

/// What the server had to say when the time was up.
enum class Cancellation {
  silence,    ///< nothing
  agreed,     ///< it has stopped; whether it had not just finished does not follow
  confirmed,  ///< it has stopped the statement and taken back what it did
};
[[noreturn]] void throw_timeout(Effect effect, const ErrorContext& context,
                                Cancellation cancellation, std::chrono::nanoseconds elapsed,
                                std::string sqlstate = {});

}  // namespace flowdb::backend
