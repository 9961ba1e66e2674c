#include "backend/postgresql/fate_inquiry.hpp"

#include <array>
#include <string>
#include <string_view>

#include "backend/postgresql/fate_sql.hpp"
#include "backend/postgresql/statement_run.hpp"

namespace flowdb::backend::postgresql {
namespace {

ResultHandle ask(Link& link, const ErrorContext& context, const std::string& question,
                 const TransactionTrace& trace, const std::string& second,
                 const Deadline& deadline) {
  const auto number = std::to_string(trace.number);
  const std::array<const char*, 2> values{number.c_str(), second.c_str()};
  StatementRun run{link, context, Effect::none, deadline};
  run.sent(PQsendQueryParams(link.handle, question.c_str(), 2, nullptr, values.data(), nullptr,
                             nullptr, 0));
  auto result = run.next();
  run.finish();
  return result;
}

std::string_view cell(const ResultHandle& result, int column) {
  return PQgetvalue(result.get(), 0, column);
}

bool is_true(const ResultHandle& result, int column) {
  return cell(result, column) == "t";
}

/// What the answer says of the transaction's id. After a crash that can be another transaction's: a
/// crash may have left nothing of ours, and how many there were nobody can tell. Where another one
/// has not committed, ours had not, either.
Fate fate_in(const ResultHandle& answer, const TransactionTrace& trace) {
  const auto word = cell(answer, 0);
  const bool has_crashed = cell(answer, 1) != trace.life;
  if (word == "committed") {
    return has_crashed ? Fate::unknown : Fate::committed;
  }
  if (word == "aborted") {
    return Fate::rolled_back;
  }
  if (word == "in progress") {
    return has_crashed ? Fate::rolled_back : Fate::under_way;
  }
  return word == "standby" ? Fate::not_told : Fate::unknown;
}

/// A commit that was waiting for a standby stands on the primary alone when the wait was broken
/// off, which nobody was told. One that comes later, and is waited for, proves that the standby has
/// both; should its own wait be broken off, it throws.
void wait_for_standby(Link& link, const ErrorContext& context, const Deadline& deadline) {
  StatementRun run{link, context, Effect::none, deadline};
  run.sent(PQsendQuery(link.handle, write_nothing().c_str()));
  run.finish();
}

/// A session whose client is gone would keep its transaction open until the network tells.
void end_session(Link& link, const ErrorContext& context, const TransactionTrace& trace,
                 const Deadline& deadline) {
  try {
    ask(link, context, end_of_session(), trace, std::to_string(trace.process), deadline);
  } catch (const QueryError&) {
    // It is another role's by now: it ends without help, or does not.
  }
}

}  // namespace

Fate ask_for_fate(Link& link, const ErrorContext& context, const TransactionTrace& trace,
                  bool end_it, const Deadline& deadline) {
  try {
    const auto answer = ask(link, context, fate_question(), trace, trace.server, deadline);
    const auto fate = fate_in(answer, trace);
    if (fate == Fate::committed && is_true(answer, 2)) {
      wait_for_standby(link, context, deadline);
    }
    if (fate == Fate::under_way && end_it) {
      end_session(link, context, trace, deadline);
    }
    return fate;
  } catch (const QueryError& error) {
    // An id that is still to come: the crash has left nothing of the transaction.
    return error.sqlstate() == "22023" ? Fate::rolled_back : Fate::unknown;
  }
}

}  // namespace flowdb::backend::postgresql
