#include "backend/postgresql/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <flowdb/error.hpp>

#include "backend/binding.hpp"
#include "backend/postgresql/parameters.hpp"
#include "backend/postgresql/preparing.hpp"
#include "backend/postgresql/row_reader.hpp"
#include "backend/postgresql/statement_run.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// Statements under way before their answers are read: enough to hide the round trips, few enough
/// to keep what libpq and the server have to hold small.
constexpr std::size_t kChunk = 256;

/// So many sets pay for a preparation.
constexpr std::size_t kWorthPreparing = 4;
/// Sets differ in which of their values are NULL, above all; so many forms are prepared at once.
constexpr std::size_t kFormsAtOnce = 16;

std::string operation_of(std::size_t index) {
  return "execute_batch (parameter set " + std::to_string(index) + ")";
}

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
    if (params_.size() >= kWorthPreparing && is_worth_preparing(statement_.kind())) {
      bind(0);
      prepare_next({*binding_.text, parameters_.type_list(), 0});
    }
    for (std::size_t begin = 0; begin < params_.size(); begin += kChunk) {
      for (const auto& form : unprepared_) {
        prepare_next(form);
      }
      unprepared_.clear();
      run_chunk(begin, std::min(begin + kChunk, params_.size()));
    }
    return affected_;
  }

 private:
  /// What one and the same prepared statement serves.
  struct Form {
    std::string text;
    std::vector<Oid> types;
    std::size_t index;  // of a set that has it
  };

  void bind(std::size_t index) {
    bind_numbered(statement_, params_[index], binding_);
    parameters_.assign(binding_.values);
  }

  /// Outside of the pipeline, since the server's description decides how it is used.
  void prepare_next(const Form& form) {
    auto* const statement = prepared_.use(form.text, form.types, true);
    if (statement != nullptr && !statement->prepared) {
      const auto operation = operation_of(form.index);
      auto context = context_;
      context.operation = operation;
      context.params = &params_[form.index];
      prepare(link_, *statement, statement_.kind(), context, deadline_);
    }
  }

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
    const bool asks = link_.watch.wants_id();
    if (asks) {
      run.queue_question();
    }
    PQpipelineSync(link_.handle);
    run.flush();
    for (std::size_t index = begin; index < sent; ++index) {
      read_one(run, index);
    }
    if (asks) {
      read_transaction_id(run);
    }
    read_sync(run);
    if (failed_ != nullptr) {
      throw_failure(run);
    }
    if (misuse != nullptr) {
      std::rethrow_exception(misuse);
    }
  }

  void send(StatementRun& run, std::size_t index) {
    bind(index);
    const auto& p = parameters_;
    const auto* const known = prepared_.find_prepared(*binding_.text, p.type_list());
    if (known != nullptr && known->is_lasting) {
      by_name_ = true;
      run.sent(PQsendQueryPrepared(link_.handle, known->name.c_str(), p.count(), p.values(),
                                   p.lengths(), p.formats(), 0));
      return;
    }
    if (known == nullptr) {
      note_unprepared(index);
    }
    run.sent(PQsendQueryParams(link_.handle, binding_.text->c_str(), p.count(), p.types(),
                               p.values(), p.lengths(), p.formats(), 0));
  }

  /// For the next chunk.
  void note_unprepared(std::size_t index) {
    const auto is_this = [&](const Form& form) {
      return form.types == parameters_.type_list() && form.text == *binding_.text;
    };
    if (params_.size() > kChunk && unprepared_.size() < kFormsAtOnce &&
        is_worth_preparing(statement_.kind()) &&
        std::none_of(unprepared_.begin(), unprepared_.end(), is_this)) {
      unprepared_.push_back({*binding_.text, parameters_.type_list(), index});
    }
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

  void read_transaction_id(StatementRun& run) {
    for (auto result = run.next_unchecked(); result != nullptr; result = run.next_unchecked()) {
      if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) {
        link_.watch.take(result.get());
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
    const auto operation = operation_of(failed_index_);
    auto context = context_;
    context.operation = operation;
    context.params = &params_[failed_index_];
    context.by_name = by_name_;
    if (by_name_ && is_out_of_date(failed_.get())) {
      prepared_.retire_all();
    }
    run.fail_after_rest(failed_, context);
  }

  Link& link_;
  PreparedStatements& prepared_;
  const ErrorContext& context_;
  const sql::ParsedStatement& statement_;
  const std::vector<Params>& params_;
  const Deadline& deadline_;
  Binding binding_;
  Parameters parameters_;
  std::vector<Form> unprepared_;  // of the last chunk
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
