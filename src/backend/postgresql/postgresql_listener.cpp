#include "backend/postgresql/postgresql_listener.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <flowdb/error.hpp>

#include "backend/postgresql/notices.hpp"
#include "backend/postgresql/sql_text.hpp"
#include "backend/postgresql/statement_run.hpp"
#include "backend/redaction.hpp"

namespace flowdb::backend::postgresql {
namespace {

struct MemoryDeleter {
  void operator()(PGnotify* notification) const noexcept { PQfreemem(notification); }
};

/// Nothing is executed by it, and it tells who looks at the server's sessions what this one is for.
constexpr const char* kPing = "/* flowdb listens for notifications */";

}  // namespace

PostgresqlListener::PostgresqlListener(ConnectionHandle connection,
                                       std::shared_ptr<const ServerIdentity> identity,
                                       const Deadline& deadline)
    : identity_(std::move(identity)), connection_(std::move(connection)) {
  link_.handle = connection_.get();
  link_.identity = identity_.get();
  receive_notices(link_);
  PQsetnonblocking(connection_.get(), 1);
  set_up(deadline);
  wake_descriptor_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_descriptor_ < 0) {
    const auto reason = std::generic_category().message(errno);
    throw ConnectionError(
        identity_->database_name + ": no descriptor could be had to listen with: " + reason,
        {.database_name = identity_->database_name, .transient = true});
  }
}

PostgresqlListener::~PostgresqlListener() {
  close(wake_descriptor_);
}

void PostgresqlListener::set_up(const Deadline& deadline) {
  const auto text = "SET application_name = " + quote_literal(identity_->flow_name) + ";" +
                    session_settings(identity_->default_timeout, identity_->read_only);
  StatementRun run{link_,
                   {identity_->database_name, identity_->password, "setting up the session"},
                   Effect::preparation,
                   deadline};
  run.sent(PQsendQuery(link_.handle, text.c_str()));
  const auto own_process = std::to_string(PQbackendPID(link_.handle));
  bool is_own = false;
  for (auto result = run.next(); result != nullptr; result = run.next()) {
    is_own =
        is_own || (PQntuples(result.get()) == 1 && PQgetvalue(result.get(), 0, 0) == own_process);
  }
  if (!is_own) {
    throw ConfigurationError(
        identity_->database_name +
            ": between here and the server stands a pooler (such as PgBouncer), through which "
            "notifications do not come: LISTEN needs a session that stays. Listen with a manager "
            "whose connection string leads to the server itself.",
        {.database_name = identity_->database_name});
  }
}

void PostgresqlListener::run(const std::string& text, std::string_view operation,
                             const Deadline& deadline) {
  StatementRun run{link_,
                   {identity_->database_name, identity_->password, operation},
                   Effect::preparation,
                   deadline};
  run.sent(PQsendQuery(link_.handle, text.c_str()));
  run.finish();
}

void PostgresqlListener::listen(const std::string& channel, const Deadline& deadline) {
  try {
    run("LISTEN " + quote_identifier(channel), "LISTEN", deadline);
  } catch (const QueryError& error) {
    if (error.sqlstate() != "25006") {
      throw;
    }
    auto facts = error.facts();
    facts.transient = true;
    throw ConnectionError(std::string{error.what()} +
                              " Nobody can listen at a standby: name the primary in the connection "
                              "string, or all hosts and target_session_attrs=read-write.",
                          std::move(facts));
  }
}

void PostgresqlListener::unlisten(const std::string& channel, const Deadline& deadline) {
  run("UNLISTEN " + quote_identifier(channel), "UNLISTEN", deadline);
}

void PostgresqlListener::ping(const Deadline& deadline) {
  run(kPing, "looking whether the server is still there", deadline);
}

void PostgresqlListener::wake() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_descriptor_, &one, sizeof one);
}

std::vector<Notification> PostgresqlListener::wait(const Deadline& deadline) {
  auto arrived = take_arrived();  // with the answer to a statement
  while (arrived.empty()) {
    std::uint64_t count = 0;
    if (read(wake_descriptor_, &count, sizeof count) == sizeof count || deadline.has_passed()) {
      break;
    }
    if (wait_for_socket_or(wake_descriptor_, link_.handle, deadline) == Readiness::lost ||
        PQconsumeInput(link_.handle) == 0) {
      throw_lost();
    }
    arrived = take_arrived();
  }
  return arrived;
}

std::vector<Notification> PostgresqlListener::take_arrived() {
  std::vector<Notification> arrived;
  for (;;) {
    const std::unique_ptr<PGnotify, MemoryDeleter> next{PQnotifies(link_.handle)};
    if (next == nullptr) {
      return arrived;
    }
    arrived.push_back(
        {.channel = next->relname, .payload = next->extra, .server_process = next->be_pid});
  }
}

void PostgresqlListener::throw_lost() const {
  Redactor redactor;
  redactor.hide_secret(identity_->password);
  ErrorFacts facts;
  facts.database_name = identity_->database_name;
  facts.transient = true;
  facts.server_message = redactor.clean(PQerrorMessage(link_.handle), false);
  const ErrorContext context{identity_->database_name, identity_->password, "listening"};
  throw ConnectionError(message_of(facts, context), facts);
}

}  // namespace flowdb::backend::postgresql
