#pragma once

#include <memory>
#include <string>

#include <libpq-fe.h>

namespace flowdb::test_support {

/// A bare libpq connection, independent of flowdb, to prepare a server and to look at what became
/// of it. For one thread. Every failure throws std::runtime_error with the server's message.
class Observer {
 public:
  explicit Observer(const std::string& url);

  /// Runs any number of statements.
  void exec(const std::string& sql);

  /// The text of the one cell that `sql` returns, which must not be NULL.
  std::string scalar(const std::string& sql);

  PGconn* native_handle() { return connection_.get(); }

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

}  // namespace flowdb::test_support
