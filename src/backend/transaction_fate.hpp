#pragma once

#include <cstdint>
#include <string>

namespace flowdb::backend {

/// By what a server knows a transaction again whose COMMIT went unanswered. It means something to
/// connections of the backend that gave it, and to nobody else.
struct TransactionTrace {
  std::string server;  ///< which one, and which course of its history
  /// Of that server: it ends with a crash, which numbers that were not yet written down may not
  /// survive, so that another transaction can have the same.
  std::string life;
  std::int64_t number = 0;   ///< the transaction's
  std::int64_t process = 0;  ///< of the server's, which worked on it
};

/// What became of it.
enum class Fate {
  unknown,      ///< nobody can tell any more
  not_told,     ///< this server cannot tell now: another look may find one that can
  under_way,    ///< neither yet
  committed,    ///< and as safe as the server's settings make a commit
  rolled_back,  ///< nothing of it was applied, and nothing will be
};

}  // namespace flowdb::backend
