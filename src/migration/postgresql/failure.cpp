#include "migration/postgresql/failure.hpp"

#include <algorithm>
#include <optional>

#include "migration/postgresql/identifier.hpp"
#include "migration/postgresql/routine_body.hpp"
#include "sql/text_position.hpp"

namespace flowdb::migration::postgresql {

namespace {

constexpr const char* kAnonymousBlock = "inline_code_block";

std::string_view text_of(std::string_view script, const sql::ScriptStatement& statement) {
  return script.substr(statement.begin, statement.end - statement.begin);
}

/// The line of the DO statement's own body that the context tells.
std::optional<std::size_t> offset_in_block(std::string_view script,
                                           const sql::ScriptStatement& statement,
                                           const std::vector<Frame>& frames) {
  const auto frame = std::find_if(frames.begin(), frames.end(), [](const Frame& candidate) {
    return candidate.function == kAnonymousBlock;
  });
  if (statement.verb != "DO" || frame == frames.end()) return std::nullopt;
  return body_line_offset(script, statement, frame->line);
}

/// The line of the COPY's data that the context tells.
std::optional<std::size_t> offset_in_data(std::string_view script,
                                          const sql::ScriptStatement& statement,
                                          const std::vector<Frame>& frames) {
  if (!statement.copy_data) return std::nullopt;
  const auto frame = std::find_if(frames.begin(), frames.end(), [](const Frame& candidate) {
    return candidate.function.empty() && candidate.line > 0;
  });
  if (frame == frames.end()) return std::nullopt;
  auto offset = statement.copy_data->begin;
  for (int line = 1; line < frame->line; ++line) {
    const auto line_end = script.find('\n', offset);
    if (line_end >= statement.copy_data->end) return std::nullopt;
    offset = line_end + 1;
  }
  return offset;
}

/// The first name in double quotes; empty when there is none.
std::string_view quoted_name(std::string_view message) {
  const auto opening = message.find('"');
  if (opening == std::string_view::npos) return {};
  const auto name = message.substr(opening + 1);
  return name.substr(0, name.find('"'));
}

/// Something that the statement names is not there, or is not what the statement takes it for.
bool names_an_object(std::string_view sqlstate) {
  const auto code_class = sqlstate.substr(0, 2);
  return code_class == "42" || code_class == "3F" || code_class == "3D";
}

/// The last statement that changes that table; nullptr when none names it.
const sql::ScriptStatement* last_change(std::string_view script,
                                        const std::vector<sql::ScriptStatement>& statements,
                                        std::string_view table) {
  const auto found =
      std::find_if(statements.rbegin(), statements.rend(), [&](const auto& statement) {
        return statement.kind == sql::StatementKind::write &&
               has_identifier(text_of(script, statement), table);
      });
  return found == statements.rend() ? nullptr : &*found;
}

}  // namespace

std::size_t failure_offset(std::string_view script, const sql::ScriptStatement& statement,
                           const ErrorFacts& facts) {
  const auto text = text_of(script, statement);
  if (facts.statement_position > 0) {
    return statement.begin +
           sql::byte_of_character(text, static_cast<std::size_t>(facts.statement_position));
  }
  const auto frames = parse_context(facts.context);
  if (const auto offset = offset_in_block(script, statement, frames)) return *offset;
  if (const auto offset = offset_in_data(script, statement, frames)) return *offset;
  if (frames.empty() && names_an_object(facts.sqlstate)) {
    const auto offset = find_identifier(text, quoted_name(facts.server_message));
    if (offset) return statement.begin + *offset;
  }
  return statement.begin;
}

LateFailure late_failure(std::string_view script,
                         const std::vector<sql::ScriptStatement>& statements,
                         const ErrorFacts& facts) {
  const auto* change = last_change(script, statements, quoted_name(facts.server_message));
  if (change == nullptr) change = last_change(script, statements, facts.table);
  const std::string place =
      change != nullptr ? "the last statement that changes this table." : "that statement.";
  return {change,
          "It is deferred, so it was checked behind the script's last statement; the place named "
          "is " +
              place};
}

std::vector<std::string> contexts(std::string_view script, const std::string& script_name,
                                  const std::vector<sql::ScriptStatement>& statements,
                                  const ErrorFacts& facts) {
  std::vector<std::string> lines;
  for (const auto& frame : parse_context(facts.context)) {
    lines.push_back(frame.text);
    const auto* routine = find_routine(script, statements, frame);
    if (routine == nullptr) continue;
    if (const auto offset = body_line_offset(script, *routine, frame.line)) {
      const auto line = sql::position_at(script, *offset).line;
      lines.back() += " (" + script_name + ":" + std::to_string(line) + ")";
    }
  }
  return lines;
}

}  // namespace flowdb::migration::postgresql
