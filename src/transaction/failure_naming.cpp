#include "transaction/failure_naming.hpp"

#include <exception>

#include <flowdb/error.hpp>

namespace flowdb {
namespace {

std::string with_place(const std::exception& error, const std::string& place) {
  return error.what() + (" [" + place) + " of the transaction; all of it was rolled back]";
}

[[noreturn]] void throw_transaction_error(const QueryError& error, const std::string& place,
                                          int index) {
  std::throw_with_nested(TransactionError(with_place(error, place), index, error.facts()));
}

}  // namespace

void rethrow_naming_database(const std::string& database_name) {
  try {
    throw;
  } catch (const InvalidArgument& error) {
    if (!error.database_name().empty()) {
      throw;
    }
    auto facts = error.facts();
    facts.database_name = database_name;
    throw InvalidArgument(database_name + ": " + error.what(), facts);
  }
}

void rethrow_naming_statement(int index) {
  const auto place = "statement " + std::to_string(index);
  try {
    throw;
  } catch (const QueryError& error) {
    throw_transaction_error(error, place, index);
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(with_place(error, place), error.facts());
  } catch (const TimeoutError& error) {
    throw TimeoutError(with_place(error, place), error.facts());
  } catch (const AuthenticationError& error) {
    throw AuthenticationError(with_place(error, place), error.facts());
  } catch (const ConnectionError& error) {
    throw ConnectionError(with_place(error, place), error.facts());
  }
}

void rethrow_naming_commit() {
  try {
    throw;
  } catch (const QueryError& error) {
    throw_transaction_error(error, "COMMIT", -1);
  }
}

}  // namespace flowdb
