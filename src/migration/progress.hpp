#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "backend/connection.hpp"
#include "migration/history.hpp"
#include "migration/non_transactional.hpp"
#include "migration/problem.hpp"
#include "migration/script.hpp"

namespace flowdb::migration {

enum class StatementState {
  started,  ///< it was about to be sent: it was carried out, or not, or in part
  done,
  failed,  ///< the server refused it
};

/// What is recorded of one statement of a non-transactional script.
struct ProgressRow {
  std::string version;  ///< as in the history's row
  int statement = 0;    ///< from 1
  std::int32_t checksum = 0;
  StatementState state = StatementState::started;
};

/// The table schema_version_progress beside the history: it exists from the first non-transactional
/// script on, and has rows only of those that have begun and not ended. To be written to under the
/// session's lock.
class Progress {
 public:
  Progress(backend::Connection& connection, const SqlDialect& dialect, const History& history);

  /// Reads the rows: two round trips, none when the history says that no such script is under way.
  void read();
  const std::vector<ProgressRow>& rows() const noexcept { return rows_; }
  std::vector<ProgressRow> rows_of(const std::string& version) const;

  void create_if_missing();
  void record(const ProgressRow& row);
  void remove(const std::string& version);

 private:
  ResultSet query(const std::string& text, const Params& params = {});
  [[noreturn]] void fail(const QueryError& error, const std::string& advice) const;

  backend::Connection& connection_;
  const SqlDialect& dialect_;
  const History& history_;
  std::string table_;
  std::vector<ProgressRow> rows_;
};

/// Where a script goes on.
struct ResumePoint {
  std::size_t next = 0;      ///< index of the first statement that is not done
  bool is_in_doubt = false;  ///< that one was started, and nobody knows more
  bool has_failed = false;   ///< that one was refused by the server
};
ResumePoint resume_point(const std::vector<ProgressRow>& rows);

/// The number of a statement as its checksum: CRC32 of its text.
std::int32_t checksum_of(const Script& script, std::size_t statement);

/// The statements that were carried out, or may have been, must be those that the script still
/// begins with. Adds a problem with the place of the first that is another.
void check_prefix(const Script& script, const std::vector<ProgressRow>& rows,
                  std::vector<Problem>& problems);

}  // namespace flowdb::migration
