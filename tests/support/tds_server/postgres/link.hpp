#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "support/tds_server/postgres/error_numbers.hpp"
#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/protocol/tokens.hpp"

namespace flowdb::tds_server {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// PostgreSQL refused a statement.
class PostgresFailure : public std::runtime_error {
 public:
  explicit PostgresFailure(Result result);

  const PGresult* result() const { return result_.get(); }
  std::string_view sqlstate() const;

 private:
  std::shared_ptr<PGresult> result_;
};

/// One PostgreSQL connection behind one TDS connection. While it waits it calls `wait` with its
/// socket, which returns when that is readable, or throws: then the statement is cancelled and
/// drained before the exception leaves. For one thread.
class PostgresLink {
 public:
  using Wait = std::function<void(int socket)>;

  /// Connects to the database of that name on the server of `connection_info`, in any case of its
  /// letters; to the one that `connection_info` names when it is empty or `master`. Installs the
  /// type catalogue where it is missing. Throws SqlError 4060 when there is no such database,
  /// std::runtime_error when the server cannot be reached.
  PostgresLink(const std::string& connection_info, const std::string& database,
               const std::string& application_name, Wait wait);

  /// The database's own name.
  const std::string& database() const { return database_; }

  /// Statements without rows, outside any deadline of the client's. Throws PostgresFailure.
  void command(const std::string& sql);
  /// The first cell of what `sql` gives; nullopt for NULL and for no row.
  std::optional<std::string> scalar(const std::string& sql);

  /// Parses a statement with `$n` parameters; nothing has happened when it fails.
  void prepare(const std::string& sql);
  /// Columns of the prepared statement; a result without columns has no rows.
  Result describe();
  /// Runs it. `row` sees each row as it comes; the result is that of the end, without rows.
  Result run(const std::vector<std::optional<std::string>>& values,
             const std::function<void(const PGresult*)>& row);

  /// Of the key that a failed statement has met; once its transaction is usable again, or over.
  KeyKind key_kind(const PGresult* failure);

  /// The columns of a result as SQL Server would declare them. A DECIMAL of unknown scale has
  /// precision 0.
  std::vector<Column> columns_of(const PGresult* result) const;

  /// For a poll() while nothing runs; when it is readable, is_alive() tells what that means.
  int socket() const { return PQsocket(connection_.get()); }
  bool is_alive() { return PQconsumeInput(connection_.get()) == 1 && !is_broken(); }
  bool is_broken() const { return PQstatus(connection_.get()) == CONNECTION_BAD; }

 private:
  using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

  Connection connect(const std::string& connection_info, const std::string& database) const;
  void install_catalogue();
  void read_types();
  /// The next result; nullptr behind the last.
  Result next_result();
  void cancel_and_drain();
  Result finish_with(bool sent);

  Wait wait_;
  std::string application_name_;
  Connection connection_;
  std::string database_;
  std::map<Oid, TypeKind> types_;
};

}  // namespace flowdb::tds_server
