#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <flowdb/error.hpp>

#include "migration/script.hpp"
#include "migration/session_facts.hpp"
#include "sql/script.hpp"

namespace flowdb::migration {

/// When a statement failed.
enum class FailureStage {
  statement,  ///< while it ran
  commit,     ///< a deferred constraint or trigger, checked behind the last statement
};

/// What the text of a failure needs to know beside it.
struct FailureContext {
  const Script& script;
  const sql::ScriptStatement* statement = nullptr;  ///< the last one that was run; null: none
  FailureStage stage = FailureStage::statement;
  const SessionFacts& session;
  std::optional<std::string> current_version = {};  ///< the highest one that stays applied
};

/// Offset in the script's text of what `facts` complain about: the server's position; the line of a
/// DO body that the context tells; the name that the message of an error of class 42 quotes, if the
/// statement has it once (CREATE INDEX and ALTER TABLE give no position); else where the statement
/// begins.
std::size_t failure_offset(const Script& script, const sql::ScriptStatement& statement,
                           const ErrorFacts& facts);

/// File, line and column, the server's message, the source line with a caret, the server's hint and
/// context, what to do, what was rolled back and what stays.
MigrationError script_error(const Error& error, const FailureContext& context);

}  // namespace flowdb::migration
