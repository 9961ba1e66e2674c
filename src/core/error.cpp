#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/reports.hpp>

namespace flowdb {

FailureFacts::FailureFacts(ErrorFacts facts)
    : facts_(std::make_shared<const ErrorFacts>(std::move(facts))) {}

Error::Error(const std::string& message, ErrorFacts facts)
    : std::runtime_error(message), FailureFacts(std::move(facts)) {}

PoolTimeoutError::PoolTimeoutError(const std::string& message, ErrorFacts facts,
                                   std::shared_ptr<const PoolExhaustion> exhaustion)
    : ConnectionError(message, std::move(facts)), exhaustion_(std::move(exhaustion)) {}

const PoolExhaustion& PoolTimeoutError::exhaustion() const noexcept {
  static const PoolExhaustion unknown;
  return exhaustion_ != nullptr ? *exhaustion_ : unknown;
}

TransactionError::TransactionError(const std::string& message, int statement_index,
                                   ErrorFacts facts)
    : Error(message, std::move(facts)), statement_index_(statement_index) {}

MigrationError::MigrationError(const std::string& message, ErrorFacts facts, std::string script,
                               int line, int column)
    : Error(message, std::move(facts)),
      script_(std::make_shared<const std::string>(std::move(script))),
      line_(line),
      column_(column) {}

InvalidArgument::InvalidArgument(const std::string& message, ErrorFacts facts)
    : std::invalid_argument(message), FailureFacts(std::move(facts)) {}

}  // namespace flowdb
