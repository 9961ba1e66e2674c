#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <flowdb/error.hpp>

#include "backend/effect.hpp"
#include "backend/outcome.hpp"
#include "backend/postgresql/errors.hpp"
#include "backend/postgresql/handles.hpp"
#include "backend/postgresql/link.hpp"
#include "backend/postgresql/wire.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

/// One statement (or script) on its way: sends, waits, cancels when the deadline passes, and turns
/// what goes wrong into exceptions. The server enforces its own statement_timeout; the client steps
/// in when that does not happen: it asks for a cancellation and waits a short grace for the answer.
class StatementRun {
 public:
  /// \throws TimeoutError when the deadline has passed already: nothing is sent then.
  StatementRun(Link& link, ErrorContext context, Effect effect, const Deadline& deadline);

  /// To be called right after a PQsend… function, with what that returned.
  void sent(int accepted);
  /// Sends the statement that `send`, a PQsend… function, queues, and behind it in the same flush
  /// the question for the id of the transaction under way. The answer is taken in when the
  /// statement's own has been read. For an idle connection.
  template <class Send>
  void sent_with_question(const Send& send);
  /// Only queues the question, for who is in pipeline mode and reads the answer himself.
  void queue_question();
  /// The next result; null at the end. Throws for a failed one, after reading the rest.
  ResultHandle next();
  /// Looks at the first result: the server has refused a prepared statement as out of date, and the
  /// answer was read to its end.
  bool is_refused_as_out_of_date();
  /// Like next(), but hands a failed result over as it is.
  ResultHandle next_unchecked();
  /// The deadline for the next reads (a stream has one per block).
  void set_deadline(const Deadline& deadline);
  /// Reads to the end, throwing for the first failed result.
  void finish();
  /// Throws for a failed result, after reading the rest of the answer.
  [[noreturn]] void fail(const ResultHandle& result);
  /// The same for an answer that was read to its end before, and `context` knows more of.
  [[noreturn]] void fail_after_rest(const ResultHandle& result, const ErrorContext& context);
  /// Waits until the server is ready for COPY data.
  void begin_copy();
  void put_copy_data(const char* data, std::size_t size);
  /// Ends a COPY whose data cannot be made: the server takes it back, as after any error.
  void abandon_copy();
  void flush();

  const Deadline& deadline() const noexcept { return deadline_; }

 private:
  enum class Stage { waiting, server_due, cancelling };

  /// Goes on to the next stage after the deadline; false when there is nothing left to wait for.
  bool wait_longer();
  /// What Wire::next() reads by the last stage's end; false after that.
  bool read(ResultHandle& result);
  void queued(int accepted);
  /// Reads to the pipeline's end. Null, or what the server had against the question.
  ResultHandle read_answer_to_question();
  void read_rest();
  void send_cancel();
  bool timed_out_on_server() const;
  void check(Readiness readiness);
  [[noreturn]] void refuse_copy();
  [[noreturn]] void throw_lost();
  bool is_primary_lost() const noexcept;
  /// Whether the change may be there though the server has ended the session with this error.
  bool is_in_doubt(std::string_view sqlstate) const noexcept;
  [[noreturn]] void throw_timeout(Cancellation cancellation);
  /// The server has reported success, and that a standby may not have what was committed.
  [[noreturn]] void throw_unconfirmed();

  Link& link_;
  Wire wire_;
  ErrorContext context_;
  Effect effect_;
  Deadline deadline_;  // the caller's
  Deadline current_;   // with the grace of the stage
  Stage stage_ = Stage::waiting;
  ResultHandle ahead_;     // read by a look ahead, to be handed out next
  bool answered_ = false;  // with success: what follows is the commit
  bool asks_ = false;      // the answer to the question is still to come
  Deadline::Clock::time_point started_;
};

template <class Send>
void StatementRun::sent_with_question(const Send& send) {
  asks_ = PQenterPipelineMode(link_.handle) == 1;
  queued(send());
  if (asks_) {
    queue_question();
    queued(PQpipelineSync(link_.handle));
  }
  flush();
}

/// Asks the server to cancel what this connection is doing; on a thread of its own, as libpq's
/// cancellation blocks. The caller must not use the connection for another statement.
void cancel_in_background(PGconn* connection);

}  // namespace flowdb::backend::postgresql
