#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

/// The addresses of a name, or why there are none.
struct Resolution {
  std::vector<std::string> addresses;  ///< numeric, in the order in which to try them
  std::string error;                   ///< the resolver's own words; empty when there are addresses
};

/// Resolves names by getaddrinfo(), which cannot be interrupted and asks a dead name server for
/// many seconds: on threads of its own, so that whoever waits does so for his deadline, and asks
/// anew every second, so that he learns soon that the name server is back. At most eight threads of
/// one resolver are at it. Thread-safe; nobody waits for its threads.
class NameResolver {
 public:
  NameResolver();

  /// `host`: a name or a numeric address.
  Resolution resolve(const std::string& host, const Deadline& deadline);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace flowdb::backend::postgresql
