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
  Batch(Link& link, PreparedStatements& prepared, const ErrorContext& context,
        const sql::ParsedStatement& statement, const std::vector<Params>& params,
        const Deadline& deadline)
      : link_(link),
        prepared_(prepared),
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
        send(run, sent);
      }
    } catch (const InvalidArgument&) {
      misuse = std::current_exception();
    }
    PQpipelineSync(link_.handle);
    run.flush();
    read_all(run, begin, sent);
    read_sync(run);
    forget_unprepared();
    if (failed_ != nullptr) {
      throw_failure(run);
    }
    if (misuse != nullptr) {
      std::rethrow_exception(misuse);
    }
  }

  void send(StatementRun& run, std::size_t index) {
    bind_numbered(statement_, params_[index], binding_);
    parameters_.assign(binding_.values);
    const auto& p = parameters_;
    auto* const known = is_worth_preparing(statement_.kind())
                            ? prepared_.use(*binding_.text, p.type_list())
                            : nullptr;
    if (known == nullptr) {
      run.sent(PQsendQueryParams(link_.handle, binding_.text->c_str(), p.count(), p.types(),
                                 p.values(), p.lengths(), p.formats(), 0));
      return;
    }
    if (!known->prepared) {
      run.sent(PQsendPrepare(link_.handle, known->name.c_str(), binding_.text->c_str(), p.count(),
                             p.types()));
      known->prepared = true;
      preparations_.push_back({index, known->name});
    }
    by_name_ = true;
    run.sent(PQsendQueryPrepared(link_.handle, known->name.c_str(), p.count(), p.values(),
                                 p.lengths(), p.formats(), 0));
  }

  void read_all(StatementRun& run, std::size_t begin, std::size_t end) {
    auto preparation = preparations_.begin();
    for (std::size_t index = begin; index < end; ++index) {
      if (preparation != preparations_.end() && preparation->index == index) {
        read_one(run, index);
        preparation->done = failed_ == nullptr;
        ++preparation;
      }
      read_one(run, index);
    }
  }

  /// What follows a failure in the pipeline is left out by the server.
  void forget_unprepared() {
    for (const auto& preparation : preparations_) {
      if (!preparation.done) {
        prepared_.forget(preparation.name);
      }
    }
    preparations_.clear();
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
    context.by_name = by_name_;
    if (by_name_ && is_out_of_date(failed_.get())) {
      prepared_.clear();
    }
    run.fail_after_rest(failed_, context);
  }

  /// A statement that is prepared before the set of that index is sent.
  struct Preparation {
    std::size_t index;
    std::string name;
    bool done = false;  // the server has said so
  };

  Link& link_;
  PreparedStatements& prepared_;
  const ErrorContext& context_;
  const sql::ParsedStatement& statement_;
  const std::vector<Params>& params_;
  const Deadline& deadline_;
  Binding binding_;
  Parameters parameters_;
  std::vector<Preparation> preparations_;  // of the chunk, in their order
  bool by_name_ = false;
  ResultHandle failed_;
  std::size_t failed_index_ = 0;
  std::uint64_t affected_ = 0;
};

}  // namespace

std::uint64_t run_batch(Link& link, PreparedStatements& prepared, const ErrorContext& context,
                        const sql::ParsedStatement& statement, const std::vector<Params>& params,
                        const Deadline& deadline) {
  return Batch{link, prepared, context, statement, params, deadline}.run();
}

}  // namespace flowdb::backend::postgresql
