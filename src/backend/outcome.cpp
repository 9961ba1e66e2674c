#include "backend/outcome.hpp"

#include <utility>

namespace flowdb::backend {
namespace {

constexpr const char* kMayHaveCommitted =
    " It may have committed a part of its work before: look before running it again.";

}  // namespace

void throw_too_late(const ErrorContext& context) {
  throw TimeoutError(context.database_name + ": the time of the call was up before " +
                         std::string{context.operation} +
                         " could be sent; it was not. Allow more time.",
                     {.database_name = context.database_name});
}

void throw_lost(Effect effect, std::string message, ErrorFacts facts) {
  message += " The connection was lost";
  if (is_applied_by_itself(effect)) {
    throw_in_doubt(effect, message + " before the server's answer came.", std::move(facts));
  }
  facts.transient = true;
  facts.outcome_unknown = false;
  facts.phase = phase_of(effect);
  throw ConnectionError(message + ".", facts);
}

void throw_in_doubt(Effect effect, const std::string& message, ErrorFacts facts) {
  facts.transient = false;
  facts.outcome_unknown = true;
  facts.phase = phase_of(effect);
  if (effect == Effect::query) {
    throw ConnectionError(message +
                              " If a function that it calls writes, that was applied or it was "
                              "not; declare the call idempotent when it may run twice.",
                          facts);
  }
  throw CommitUnknownError(
      message + " The change was applied or it was not. Look before running it again.", facts);
}

void tell_of_partial_commit(std::string& message, ErrorFacts& facts) {
  facts.transient = false;
  facts.outcome_unknown = true;
  message += kMayHaveCommitted;
}

void throw_timeout(Effect effect, const ErrorContext& context, Cancellation cancellation,
                   std::chrono::nanoseconds elapsed, std::string sqlstate) {
  ErrorFacts facts;
  facts.database_name = context.database_name;
  facts.sqlstate = std::move(sqlstate);
  facts.phase = phase_of(effect);
  // A SELECT that had just finished has left nothing, either.
  const bool taken_back = cancellation == Cancellation::confirmed ||
                          (cancellation == Cancellation::agreed && effect == Effect::query);
  facts.outcome_unknown =
      is_applied_by_itself(effect) && (!taken_back || effect == Effect::procedure);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  std::string message = context.database_name + ": " + std::string{context.operation} +
                        " timed out after " + std::to_string(milliseconds) + " ms";
  message += cancellation == Cancellation::silence
                 ? "; the server did not answer, the connection is closed."
                 : "; the server has cancelled the statement.";
  if (facts.outcome_unknown) {
    message += taken_back ? kMayHaveCommitted
                          : " It has not said whether anything was applied: look before running it "
                            "again.";
  }
  message += " Allow more time or make the statement quicker.";
  if (!context.fingerprint.empty()) {
    message += " Statement: " + std::string{context.fingerprint};
  }
  throw TimeoutError(message, facts);
}

}  // namespace flowdb::backend
