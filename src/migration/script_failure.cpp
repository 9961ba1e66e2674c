#include "migration/script_failure.hpp"

#include <algorithm>

#include "migration/advice.hpp"
#include "migration/excerpt.hpp"
#include "migration/history_row.hpp"
#include "migration/identifier.hpp"
#include "migration/routine_body.hpp"
#include "sql/text_position.hpp"

namespace flowdb::migration {

namespace {

constexpr const char* kAnonymousBlock = "inline_code_block";

std::string_view text_of(const Script& script, const sql::ScriptStatement& statement) {
  return std::string_view{script.file->contents}.substr(statement.begin,
                                                        statement.end - statement.begin);
}

/// The line of the DO statement's own body that the context tells.
std::optional<std::size_t> offset_in_block(const Script& script,
                                           const sql::ScriptStatement& statement,
                                           const std::vector<Frame>& frames) {
  const auto frame = std::find_if(frames.begin(), frames.end(), [](const Frame& candidate) {
    return candidate.function == kAnonymousBlock;
  });
  if (statement.verb != "DO" || frame == frames.end()) return std::nullopt;
  return body_line_offset(script.file->contents, statement, frame->line);
}

/// The first name in double quotes; empty when there is none.
std::string_view quoted_name(std::string_view message) {
  const auto opening = message.find('"');
  if (opening == std::string_view::npos) return {};
  const auto name = message.substr(opening + 1);
  return name.substr(0, name.find('"'));
}

/// Of a deferred check the server tells the table, but not the statement: the last one that changes
/// that table; nullptr when none names it.
const sql::ScriptStatement* last_change(const Script& script, std::string_view table) {
  const auto found = std::find_if(script.statements.rbegin(), script.statements.rend(),
                                  [&](const auto& statement) {
                                    return statement.kind == sql::StatementKind::write &&
                                           has_identifier(text_of(script, statement), table);
                                  });
  return found == script.statements.rend() ? nullptr : &*found;
}

/// `In: PL/pgSQL function f() line 3 at RAISE (V002__f.sql:14)`, a line for each entry.
std::string context_lines(const Script& script, const ErrorFacts& facts) {
  const std::string_view text = script.file->contents;
  std::string lines;
  for (const auto& frame : parse_context(facts.context)) {
    lines += "\nIn: " + frame.text;
    const auto* routine = find_routine(text, script.statements, frame);
    if (routine == nullptr) continue;
    if (const auto offset = body_line_offset(text, *routine, frame.line)) {
      const auto line = sql::position_at(text, *offset).line;
      lines += " (" + script.file->script + ":" + std::to_string(line) + ")";
    }
  }
  return lines;
}

std::string aftermath(const FailureContext& context) {
  const auto& file = *context.script.file;
  auto text = "\n'" + file.script + "' was rolled back as a whole; ";
  text += context.current_version
              ? "what was applied before it, up to " + *context.current_version + ", stays."
              : "nothing was applied before it.";
  return text + " Correct it and run the migrations of '" + context.session.database_name +
         "' again.";
}

}  // namespace

std::size_t failure_offset(const Script& script, const sql::ScriptStatement& statement,
                           const ErrorFacts& facts) {
  if (facts.statement_position > 0) {
    return statement.begin +
           sql::byte_of_character(text_of(script, statement),
                                  static_cast<std::size_t>(facts.statement_position));
  }
  const auto frames = parse_context(facts.context);
  if (const auto offset = offset_in_block(script, statement, frames)) return *offset;
  if (frames.empty() && facts.sqlstate.compare(0, 2, "42") == 0) {
    const auto offset =
        find_identifier(text_of(script, statement), quoted_name(facts.server_message));
    if (offset) return statement.begin + *offset;
  }
  return statement.begin;
}

MigrationError script_error(const Error& error, const FailureContext& context) {
  const auto& script = *context.script.file;
  const auto& facts = error.facts();
  std::string text = script.script;
  sql::Position position{0, 0};
  std::string lines;
  const auto* statement = context.statement;
  const sql::ScriptStatement* change = nullptr;
  if (context.stage == FailureStage::commit) {
    change = last_change(context.script, quoted_name(facts.server_message));
    if (change != nullptr) statement = change;
  }
  if (statement != nullptr) {
    const auto offset = failure_offset(context.script, *statement, facts);
    position = sql::position_at(script.contents, offset);
    text = place(script, position);
    lines = "\n" + excerpt(script.contents, offset);
  }
  text += ": ERROR: " + (facts.server_message.empty() ? error.what() : facts.server_message);
  if (!facts.sqlstate.empty()) text += " (SQLSTATE " + facts.sqlstate + ")";
  text += lines;
  if (!facts.hint.empty()) text += "\nHint: " + facts.hint;
  text += context_lines(context.script, facts);
  if (context.stage == FailureStage::commit) {
    text +=
        "\nIt is deferred, so it was checked behind the script's last statement; the place "
        "named is ";
    text += change != nullptr ? "the last statement that changes this table." : "that statement.";
  }
  const std::string verb = statement != nullptr ? statement->verb : "";
  const auto advice = advice_for(facts, verb, context.session);
  if (!advice.empty()) text += "\n" + advice;
  return MigrationError{text + aftermath(context), facts, script.script,
                        static_cast<int>(position.line), static_cast<int>(position.column)};
}

}  // namespace flowdb::migration
