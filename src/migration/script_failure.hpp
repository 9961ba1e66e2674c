#pragma once

#include <optional>
#include <string>

#include <flowdb/error.hpp>

#include "migration/script.hpp"
#include "migration/session_facts.hpp"
#include "migration/sql_dialect.hpp"
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
  const SqlDialect& dialect;
  std::optional<std::string> current_version = {};  ///< the highest one that stays applied
  std::string notes = {};  ///< lines before the text's end, each behind a line break
};

/// File, line and column, the server's message, the source line with a caret, the server's hint and
/// context, what to do, what was rolled back and what stays.
MigrationError script_error(const Error& error, const FailureContext& context);

}  // namespace flowdb::migration
