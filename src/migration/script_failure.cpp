#include "migration/script_failure.hpp"

#include "sql/text_position.hpp"

namespace flowdb::migration {

namespace {

/// `(SQLSTATE 42S22, error 207)`; the number where the server has such.
std::string codes(const ErrorFacts& facts) {
  std::string text;
  if (!facts.sqlstate.empty()) text = "SQLSTATE " + facts.sqlstate;
  if (facts.native_code != 0) {
    text += (text.empty() ? "" : ", ") + ("error " + std::to_string(facts.native_code));
  }
  return text.empty() ? text : " (" + text + ")";
}

std::string aftermath(const FailureContext& context, const ErrorFacts& facts) {
  const auto& script = context.script.file->script;
  if (context.dialect.has_ended_transaction(facts)) {
    return "\n'" + script + "' has itself ended the transaction that it ran in: what it did " +
           "before that may have been committed, and the history does not know of it. Look at " +
           "what is there, put that right by hand, and run the migrations of '" +
           context.session.database_name + "' again.";
  }
  if (!context.script.is_transactional) {
    return "\nWhat the statements of '" + script +
           "' before this one did stays, and is on record. Correct this one, or what it stumbles "
           "over, "
           "and run the migrations of '" +
           context.session.database_name + "' again: they go on here.";
  }
  auto text = "\n'" + script + "' was rolled back as a whole; ";
  text += context.current_version
              ? "what was applied before it, up to " + *context.current_version + ", stays."
              : "nothing was applied before it.";
  return text + " Correct it and run the migrations of '" + context.session.database_name +
         "' again.";
}

}  // namespace

MigrationError script_error(const Error& error, const FailureContext& context) {
  const auto& script = *context.script.file;
  const auto& statements = context.script.statements;
  const auto& facts = error.facts();
  LateFailure late;
  if (context.stage == FailureStage::commit) {
    late = context.dialect.late_failure(script.contents, statements, facts);
  }
  const auto* statement = late.statement != nullptr ? late.statement : context.statement;

  std::string text = script.script;
  sql::Position position{0, 0};
  std::string lines;
  if (statement != nullptr) {
    const auto offset = context.dialect.failure_offset(script.contents, *statement, facts);
    position = position_in(script, offset);
    text = place(script, position);
    lines = "\n" + excerpt_of(script, offset);
  }
  text += ": ERROR: " + (facts.server_message.empty() ? error.what() : facts.server_message);
  text += codes(facts) + lines;
  if (!facts.hint.empty()) text += "\nHint: " + facts.hint;
  for (const auto& frame :
       context.dialect.contexts(script.contents, script.script, statements, facts)) {
    text += "\nIn: " + frame;
  }
  if (!late.note.empty()) text += "\n" + late.note;
  const std::string verb = statement != nullptr ? statement->verb : "";
  const auto advice = context.dialect.advice(facts, verb, context.session);
  if (!advice.empty()) text += "\n" + advice;
  return MigrationError{text + context.notes + aftermath(context, facts), facts, script.script,
                        static_cast<int>(position.line), static_cast<int>(position.column)};
}

}  // namespace flowdb::migration
