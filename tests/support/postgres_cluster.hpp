#pragma once

#include <string>

namespace flowdb::test_support {

/// What a primary's COMMIT waits for.
enum class Replication {
  asynchronous,
  synchronous,  ///< until the standby has it on disk
};

/// A PostgreSQL cluster of a test's own, to be shut down, killed and started again. Its data and
/// its port stay the same until the destructor removes it. Failures throw std::runtime_error.
class PostgresCluster {
 public:
  /// `settings`: further lines for postgresql.conf.
  explicit PostgresCluster(const std::string& settings = {});
  /// A standby that streams from `primary` and answers reads.
  PostgresCluster(const PostgresCluster& primary, Replication replication);
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  /// The superuser's URL.
  const std::string& url() const { return url_; }
  /// The file with the certificate of the authority that signed the server's, for verify-full.
  std::string root_certificate() const { return directory_ + "/root.crt"; }
  /// What the server has logged so far.
  std::string log() const;

  /// Shuts down in order: sessions are ended with 57P01.
  void stop();
  /// Ends all processes at once, as a power cut would.
  void kill();
  /// Starts again, from any state.
  void restart();
  /// Forgets its data and becomes a standby of `primary`, at its old place: what is done with a
  /// former primary.
  void follow(const PostgresCluster& primary, Replication replication);
  /// Makes a standby a primary, which takes writes when this returns.
  void promote();

 private:
  std::string directory_;
  std::string url_;
};

}  // namespace flowdb::test_support
