#pragma once

#include <string>
#include <vector>

namespace flowdb::test {

/// Answers for the names that end in `.flowdb.test` within this program, whose getaddrinfo() asks
/// it; other names are the system's. One at a time; thread-safe.
class NameServer {
 public:
  /// Who asks for any of its names is told these addresses.
  explicit NameServer(std::vector<std::string> addresses);
  /// Lets go whoever still waits for an answer, and waits until he has gone.
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  /// Who asks from now on is not answered, even when others are again.
  void die();
  void heal();
  /// How many wait for an answer.
  static int waiting();
};

}  // namespace flowdb::test
