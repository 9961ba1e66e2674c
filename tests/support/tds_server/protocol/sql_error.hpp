#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace flowdb::tds_server {

/// What an error ends.
enum class ErrorScope {
  statement,    ///< the next statement of the batch runs
  batch,        ///< the rest of the batch does not; an open transaction stays open
  transaction,  ///< nor does the transaction survive
};

/// An error of SQL Server's, as its ERROR token tells it.
class SqlError : public std::runtime_error {
 public:
  SqlError(std::int32_t number, const std::string& text, std::uint8_t severity = 16,
           ErrorScope scope = ErrorScope::statement, std::uint8_t state = 1)
      : std::runtime_error{text},
        number_{number},
        severity_{severity},
        state_{state},
        scope_{scope} {}

  std::int32_t number() const { return number_; }
  std::uint8_t severity() const { return severity_; }
  std::uint8_t state() const { return state_; }
  ErrorScope scope() const { return scope_; }
  /// Counted from 1 in the batch; 0 when it is not known.
  std::uint32_t line() const { return line_; }
  void set_line(std::uint32_t line) { line_ = line; }
  void set_scope(ErrorScope scope) { scope_ = scope; }

 private:
  std::int32_t number_;
  std::uint8_t severity_;
  std::uint8_t state_;
  ErrorScope scope_;
  std::uint32_t line_ = 0;
};

}  // namespace flowdb::tds_server
