#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include <flowdb/query_options.hpp>
#include <flowdb/row_stream.hpp>
#include <flowdb/transaction.hpp>

#include "transaction/executor.hpp"

namespace flowdb {

/// Sends each call to the server that its ReadPreference names, and on to the primary where the
/// replica is only preferred and cannot serve it. Thread-safe.
class ReadRouter {
 public:
  /// `replica` may be null; both must outlive the router.
  ReadRouter(Executor& primary, Executor* replica) noexcept
      : primary_(primary), replica_(replica) {}

  /// \throws InvalidArgument for a statement that does not only read, where it may go to a replica;
  /// ConfigurationError where that must be one and there is none.
  ResultSet query(std::string_view sql, const Params& params, const QueryOptions& options,
                  const Caller& caller);
  RowStream stream(std::string_view sql, const Params& params, const QueryOptions& options,
                   const Caller& caller);
  /// \throws InvalidArgument for a transaction that may go to a replica and is not read-only.
  void transaction(const std::function<void(Transaction&)>& body, const TransactionOptions& options,
                   const Caller& caller);
  std::vector<ResultSet> transaction(const std::vector<flowdb::Statement>& statements,
                                     const TransactionOptions& options, const Caller& caller);

 private:
  enum class Route { primary, replica, replica_first };

  Route route_of(ReadPreference preference) const;
  Route route_of(const TransactionOptions& options, const Caller& caller) const;
  /// The route of one statement. \throws InvalidArgument, recorded.
  Route route_of(std::string_view sql, ReadPreference preference, const Caller& caller);
  template <class Work>
  auto run_transaction(const Work& work, const TransactionOptions& options, const Caller& caller,
                       const std::function<bool()>& may_repeat);
  /// `may_repeat`, if there is one, has the last word on whether it may all begin anew.
  template <class OnReplica, class OnPrimary>
  auto replica_first(std::chrono::milliseconds timeout, const OnReplica& on_replica,
                     const OnPrimary& on_primary, const std::function<bool()>& may_repeat = {});
  bool may_go_on_at_primary(const Error& error) const;

  Executor& primary_;
  Executor* replica_;
};

}  // namespace flowdb
