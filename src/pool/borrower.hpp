#pragma once

#include <string>
#include <string_view>

#include <flowdb/call_site.hpp>

namespace flowdb::pool {

/// On whose behalf a connection is borrowed: what the reports on the pool say of its holder.
struct Borrower {
  std::string_view operation = {};  ///< a literal: `execute_query`
  CallSite site = {};
  /// The statement that is run first; to stay as it is until the lease ends or runs another one.
  const std::string* fingerprint = nullptr;
};

}  // namespace flowdb::pool
