#include "transaction/read_router.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <flowdb/error.hpp>

#include "core/deadline.hpp"
#include "transaction/failure_naming.hpp"
#include "transaction/operation_record.hpp"

namespace flowdb {
namespace {

using std::chrono::milliseconds;

/// How long a call waits for a connection to the replica before it goes to the primary.
constexpr milliseconds kPatience{1000};

/// What is known before it is sent; the others are refused where each statement is.
void check_reads(const sql::ParsedStatement& statement) {
  const auto kind = statement.kind();
  const bool is_refused = kind == sql::StatementKind::write ||
                          kind == sql::StatementKind::definition ||
                          kind == sql::StatementKind::other;
  if (is_refused && statement.statement_count() == 1) {
    throw InvalidArgument(statement.verb() +
                          " does more than read and cannot go to a replica: leave its "
                          "read_preference at primary");
  }
}

template <class Check>
auto recording_failure(Executor& executor, const Caller& caller, const Check& check) {
  try {
    return check();
  } catch (...) {
    const auto& settings = executor.settings();
    OperationRecord{settings, executor.engine().metrics(), caller.operation, {}, 1}.failed();
    rethrow_naming_database(settings.database_name);
  }
}

}  // namespace

ReadRouter::Route ReadRouter::route_of(ReadPreference preference) const {
  const auto& settings = primary_.settings();
  if (preference == ReadPreference::primary) {
    return Route::primary;
  }
  if (replica_ != nullptr) {
    return preference == ReadPreference::replica ? Route::replica : Route::replica_first;
  }
  if (preference == ReadPreference::replica && settings.backend == nullptr) {
    throw ConfigurationError("Replica not configured for '" + settings.database_name + "'. Set " +
                                 settings.replica_variable +
                                 ", or use ReadPreference::prefer_replica",
                             {.database_name = settings.database_name});
  }
  return Route::primary;  // a scripted server is its own replica
}

ReadRouter::Route ReadRouter::route_of(std::string_view sql, ReadPreference preference,
                                       const Caller& caller) {
  if (preference == ReadPreference::primary) {
    return Route::primary;
  }
  return recording_failure(primary_, caller, [&] {
    check_reads(*primary_.engine().statements().get(sql));
    return route_of(preference);
  });
}

ReadRouter::Route ReadRouter::route_of(const TransactionOptions& options,
                                       const Caller& caller) const {
  if (options.read_preference == ReadPreference::primary) {
    return Route::primary;
  }
  return recording_failure(primary_, caller, [&] {
    if (!options.read_only) {
      throw InvalidArgument(
          "a transaction that may go to a replica must be read-only: set "
          "TransactionOptions::read_only, or leave its read_preference at primary");
    }
    return route_of(options.read_preference);
  });
}

/// Nothing was written, whatever has become of it.
bool ReadRouter::may_go_on_at_primary(const Error& error) const {
  const bool is_of_replica = error.database_name() == replica_->settings().database_name;
  const bool is_of_connection = dynamic_cast<const ConnectionError*>(&error) != nullptr;
  return is_of_replica && (is_of_connection || error.is_transient() || error.is_outcome_unknown());
}

template <class OnReplica, class OnPrimary>
auto ReadRouter::replica_first(milliseconds timeout, const OnReplica& on_replica,
                               const OnPrimary& on_primary,
                               const std::function<bool()>& may_repeat) {
  if (replica_->engine().pool().turns_away()) {
    return on_primary(timeout);  // without so much as an error
  }
  const auto deadline = Deadline::after(timeout);
  auto left = milliseconds::zero();
  try {
    return on_replica(std::min(kPatience, timeout / 2));
  } catch (const Error& error) {
    left = std::chrono::duration_cast<milliseconds>(deadline.remaining());
    const bool is_repeated = left > milliseconds::zero() && may_go_on_at_primary(error) &&
                             (may_repeat == nullptr || may_repeat());
    if (!is_repeated) {
      throw;
    }
  }
  return on_primary(left);
}

ResultSet ReadRouter::query(std::string_view sql, const Params& params, const QueryOptions& options,
                            const Caller& caller) {
  const auto timeout = options.timeout.value_or(primary_.settings().timeout);
  switch (route_of(sql, options.read_preference, caller)) {
    case Route::primary:
      break;
    case Route::replica:
      return replica_->query(sql, params, timeout, {}, caller);
    case Route::replica_first:
      return replica_first(
          timeout,
          [&](milliseconds patience) {
            return replica_->query(sql, params, timeout, {},
                                   {caller.operation, caller.site, patience});
          },
          [&](milliseconds left) {
            ResultSet rows;
            primary_.transaction([&](Transaction& tx) { rows = tx.execute_query(sql, params); },
                                 {.read_only = true, .timeout = left, .retry_conflicts = false},
                                 caller);
            return rows;
          });
  }
  return primary_.query(sql, params, timeout, {}, caller);
}

RowStream ReadRouter::stream(std::string_view sql, const Params& params,
                             const QueryOptions& options, const Caller& caller) {
  const auto timeout = options.timeout.value_or(primary_.settings().timeout);
  switch (route_of(sql, options.read_preference, caller)) {
    case Route::primary:
      break;
    case Route::replica:
      return replica_->stream(sql, params, {timeout, timeout}, caller);
    case Route::replica_first:
      return replica_first(
          timeout,
          [&](milliseconds patience) {
            return replica_->stream(sql, params, {timeout, timeout},
                                    {caller.operation, caller.site, patience});
          },
          [&](milliseconds left) {
            return primary_.stream(sql, params, {timeout, left, true}, caller);
          });
  }
  return primary_.stream(sql, params, {timeout, timeout}, caller);
}

template <class Work>
auto ReadRouter::run_transaction(const Work& work, const TransactionOptions& options,
                                 const Caller& caller, const std::function<bool()>& may_repeat) {
  const auto route = route_of(options, caller);
  if (route != Route::replica_first) {
    auto& executor = route == Route::replica ? *replica_ : primary_;
    return executor.transaction(work, options, caller);
  }
  return replica_first(
      options.timeout.value_or(primary_.settings().timeout),
      [&](milliseconds patience) {
        auto once = options;
        once.retry_conflicts = false;  // whatever it conflicts with, the primary is the next
        return replica_->transaction(work, once, {caller.operation, caller.site, patience});
      },
      [&](milliseconds left) {
        auto rest = options;
        rest.timeout = left;
        return primary_.transaction(work, rest, caller);
      },
      may_repeat);
}

void ReadRouter::transaction(const std::function<void(Transaction&)>& body,
                             const TransactionOptions& options, const Caller& caller) {
  if (options.read_preference == ReadPreference::primary) {
    return primary_.transaction(body, options, caller);
  }
  bool has_begun = false;
  const std::function<void(Transaction&)> noted = [&](Transaction& tx) {
    has_begun = true;
    body(tx);
  };
  run_transaction(noted, options, caller, [&] { return options.retry_conflicts || !has_begun; });
}

std::vector<ResultSet> ReadRouter::transaction(const std::vector<flowdb::Statement>& statements,
                                               const TransactionOptions& options,
                                               const Caller& caller) {
  return run_transaction(statements, options, caller, {});
}

}  // namespace flowdb
