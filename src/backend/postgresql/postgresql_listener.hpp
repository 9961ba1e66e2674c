#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backend/notification_source.hpp"
#include "backend/postgresql/handles.hpp"
#include "backend/postgresql/link.hpp"

namespace flowdb::backend::postgresql {

/// A session that listens. On a bare PGconn: SOCI has nothing for it.
class PostgresqlListener final : public NotificationSource {
 public:
  /// `connection`: connected. \throws ConnectionError, TimeoutError when the session cannot be set
  /// up; ConfigurationError when a pooler stands between.
  PostgresqlListener(ConnectionHandle connection, std::shared_ptr<const ServerIdentity> identity,
                     const Deadline& deadline);
  PostgresqlListener(const PostgresqlListener&) = delete;
  PostgresqlListener& operator=(const PostgresqlListener&) = delete;
  ~PostgresqlListener() override;

  void listen(const std::string& channel, const Deadline& deadline) override;
  void unlisten(const std::string& channel, const Deadline& deadline) override;
  std::vector<Notification> wait(const Deadline& deadline) override;
  void ping(const Deadline& deadline) override;
  void wake() noexcept override;

 private:
  void set_up(const Deadline& deadline);
  void run(const std::string& text, std::string_view operation, const Deadline& deadline);
  std::vector<Notification> take_arrived();
  [[noreturn]] void throw_lost() const;

  std::shared_ptr<const ServerIdentity> identity_;
  Link link_;
  ConnectionHandle connection_;
  int wake_descriptor_ = -1;
};

}  // namespace flowdb::backend::postgresql
