#pragma once

#include <array>
#include <string>

#include <libpq-fe.h>

namespace flowdb::backend::postgresql {

/// Settings that the server reports whenever they change, so that libpq knows them without a round
/// trip: those on which the reading of values and read-only rest, and who the session is. A
/// function may change them, which no statement's text shows.
/// https://www.postgresql.org/docs/15/libpq-status.html#LIBPQ-PQPARAMETERSTATUS
class ReportedSettings {
 public:
  /// Takes them as they are now.
  void pin(PGconn* connection);
  /// One of them is not as it was when pinned. Some 100 ns.
  bool have_changed(PGconn* connection) const noexcept;

 private:
  static constexpr std::array<const char*, 7> kNames{
      "DateStyle",
      "IntervalStyle",
      "TimeZone",
      "client_encoding",
      "standard_conforming_strings",
      "session_authorization",
      "default_transaction_read_only",  // from PostgreSQL 14 on
  };
  std::array<std::string, kNames.size()> pinned_;
};

}  // namespace flowdb::backend::postgresql
