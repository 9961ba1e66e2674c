#pragma once

#include <string_view>
#include <vector>

#include <flowdb/value.hpp>

#include "backend/effect.hpp"
#include "backend/sqlserver/errors.hpp"
#include "backend/sqlserver/link.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::sqlserver {

/// One statement (or batch) on its way through the driver: its deadline is watched, and what goes
/// wrong becomes an exception. Whatever way it ends, the statement handle is closed behind it, or
/// the link is broken.
class Call {
 public:
  /// \throws TimeoutError when the deadline has passed already: nothing is sent then.
  Call(Link& link, const ErrorContext& context, Effect effect, const Deadline& deadline);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call();

  /// Sends the text; parameters must have been bound.
  void execute(std::string_view text);
  void prepare(std::string_view text);
  /// What the driver returned, for check(): it may name one parameter set of many.
  SQLRETURN execute_prepared();
  /// What an error is about from now on; the texts must outlive the call.
  void set_subject(std::string_view operation, const Params* params) noexcept {
    context_.operation = operation;
    context_.params = params;
  }
  /// The next block of rows; false at the end of the result.
  bool fetch();
  /// Goes on to the next result; false at the end of the answer. An error that the server raised
  /// behind rows shows only here.
  bool next_result();
  /// Reads to the end, throwing for a late error.
  void finish();
  /// Judges what any other ODBC function returned; false for SQL_NO_DATA.
  bool check(SQLRETURN result);

  /// Between the blocks of a stream nothing is under way that a deadline could cut short.
  void pause();
  void resume(const Deadline& deadline);

  SQLHSTMT statement() const noexcept { return link_.statement; }
  const ErrorContext& context() const noexcept { return context_; }

 private:
  void arm();
  Deadline time_to_close() const noexcept;
  void close_statement() noexcept;
  void read_rest() noexcept;
  bool is_proven_clean() noexcept;
  void fail_transaction() noexcept;
  [[noreturn]] void fail(const std::vector<Diagnostic>& diagnostics);
  [[noreturn]] void throw_lost(const Diagnostic* cause);
  [[noreturn]] void throw_timeout();

  Link& link_;
  ErrorContext context_;
  Effect effect_;
  Deadline deadline_;
  Deadline::Clock::time_point started_;
  bool is_open_ = false;  // the statement holds an answer
};

/// Rows and parameter sets go one by one again, and none is written to memory that was lent.
void forget_arrays(SQLHSTMT statement) noexcept;

/// Runs a batch without rows.
void run_batch_text(Link& link, const ErrorContext& context, Effect effect, std::string_view text,
                    const Deadline& deadline);

}  // namespace flowdb::backend::sqlserver
