#include "backend/postgresql/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <flowdb/error.hpp>

#include "backend/binding.hpp"
#include "backend/postgresql/parameters.hpp"
#include "backend/postgresql/row_reader.hpp"
#include "backend/postgresql/statement_run.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// Statements under way before their answers are read: enough to hide the round trips, few enough
/// to keep what libpq and the server have to hold small.
constexpr std::size_t kChunk = 256;

/// Leaves pipeline mode however the chunk ends; a pipeline that cannot be left breaks the link.
class PipelineMode {
 public:
  explicit PipelineMode(Link& link) : link_(link) { PQenterPipelineMode(link.handle); }
  PipelineMode(const PipelineMode&) = delete;
  PipelineMode& operator=(const PipelineMode&) = delete;
  ~PipelineMode() {
    if (PQexitPipelineMode(link_.handle) == 0) {
      link_.broken = true;
    }
  }

 private:
  Link& link_;
};

class Batch {
 public:
  Batch(Link& link, const ErrorContext& context, const sql::ParsedStatement& statement,
        const std::vector<Params>& params, const Deadline& deadline)
      : link_(link),
        context_(context),
        statement_(statement),
        params_(params),
        deadline_(deadline) {}

  std::uint64_t run() {
    for (std::size_t begin = 0; begin < params_.size(); begin += kChunk) {
      run_chunk(begin, std::min(begin + kChunk, params_.size()));
    }
    return affected_;
  }

 private:
  void run_chunk(std::size_t begin, std::size_t end) {
    const PipelineMode pipeline{link_};
    StatementRun run{link_, context_, Effect::none, deadline_};
    // A set that cannot be bound ends the sending; what was sent before it is read all the same.
    std::exception_ptr misuse;
    std::size_t sent = begin;
    try {
      for (; sent < end; ++sent) {
        send(run, params_[sent]);
      }
    } catch (const InvalidArgument&) {
      misuse = std::current_exception();
    }
    PQpipelineSync(link_.handle);
    run.flush();
    for (std::size_t index = begin; index < sent; ++index) {
      read_one(run, index);
    }
    read_sync(run);
    if (failed_ != nullptr) {
      throw_failure(run);
    }
    if (misuse != nullptr) {
      std::rethrow_exception(misuse);
    }
  }

  void send(StatementRun& run, const Params& params) {
    bind_numbered(statement_, params, binding_);
    parameters_.assign(binding_.values);
    run.sent(PQsendQueryParams(link_.handle, binding_.text->c_str(), parameters_.count(),
                               parameters_.types(), parameters_.values(), parameters_.lengths(),
                               parameters_.formats(), 0));
  }

  void read_one(StatementRun& run, std::size_t index) {
    for (auto result = run.next_unchecked(); result != nullptr; result = run.next_unchecked()) {
      const auto status = PQresultStatus(result.get());
      if (status == PGRES_FATAL_ERROR && failed_ == nullptr) {
        failed_ = std::move(result);
        failed_index_ = index;
      } else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        affected_ += affected_rows(result.get());
      }
    }
  }

  void read_sync(StatementRun& run) {
    auto result = run.next_unchecked();
    while (result != nullptr && PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) {
      result = run.next_unchecked();
    }
  }

  [[noreturn]] void throw_failure(StatementRun& run) {
    const auto operation = "execute_batch (parameter set " + std::to_string(failed_index_) + ")";
    auto context = context_;
    context.operation = operation;
    context.params = &params_[failed_index_];
    run.fail_after_rest(failed_, context);
  }

  Link& link_;
  const ErrorContext& context_;
  const sql::ParsedStatement& statement_;
  const std::vector<Params>& params_;
  const Deadline& deadline_;
  Binding binding_;
  Parameters parameters_;
  ResultHandle failed_;
  std::size_t failed_index_ = 0;
  std::uint64_t affected_ = 0;
};

}  // namespace

std::uint64_t run_batch(Link& link, const ErrorContext& context,
                        const sql::ParsedStatement& statement, const std::vector<Params>& params,
                        const Deadline& deadline) {
  return Batch{link, context, statement, params, deadline}.run();
}

}  // namespace flowdb::backend::postgresql
