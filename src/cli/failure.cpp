#include "cli/failure.hpp"

#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

namespace flowdb::cli {

namespace {

using nlohmann::json;

Failure failure_of(ExitCode exit_code, const char* kind, const std::exception& error,
                   const FailureFacts* facts = nullptr) {
  Failure failure;
  failure.exit_code = exit_code;
  failure.kind = kind;
  failure.message = error.what();
  if (facts != nullptr) failure.sqlstate = facts->sqlstate();
  return failure;
}

json or_null(const std::string& text) {
  return text.empty() ? json{} : json(text);
}

json or_null(int number) {
  return number == 0 ? json{} : json(number);
}

}  // namespace

json Failure::to_json() const {
  return {{"error",
           {{"kind", kind},
            {"message", message},
            {"sqlstate", or_null(sqlstate)},
            {"script", or_null(script)},
            {"line", or_null(line)},
            {"column", or_null(column)},
            {"exit_code", static_cast<int>(exit_code)}}}};
}

Failure describe(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const MigrationError& error) {
    auto failure = failure_of(ExitCode::migration_failed, "MigrationError", error, &error);
    failure.script = error.script();
    failure.line = error.line();
    failure.column = error.column();
    return failure;
  } catch (const CommitUnknownError& error) {
    return failure_of(ExitCode::outcome_unknown, "CommitUnknownError", error, &error);
  } catch (const ConfigurationError& error) {
    return failure_of(ExitCode::wrong_configuration, "ConfigurationError", error, &error);
  } catch (const AuthenticationError& error) {
    return failure_of(ExitCode::no_connection, "AuthenticationError", error, &error);
  } catch (const PoolTimeoutError& error) {
    return failure_of(ExitCode::no_connection, "PoolTimeoutError", error, &error);
  } catch (const ConnectionError& error) {
    return failure_of(ExitCode::no_connection, "ConnectionError", error, &error);
  } catch (const TimeoutError& error) {
    const auto code =
        error.is_outcome_unknown() ? ExitCode::outcome_unknown : ExitCode::no_connection;
    return failure_of(code, "TimeoutError", error, &error);
  } catch (const ConstraintError& error) {
    return failure_of(ExitCode::statement_failed, "ConstraintError", error, &error);
  } catch (const QueryError& error) {
    return failure_of(ExitCode::statement_failed, "QueryError", error, &error);
  } catch (const TransactionError& error) {
    return failure_of(ExitCode::statement_failed, "TransactionError", error, &error);
  } catch (const InvalidArgument& error) {
    return failure_of(ExitCode::wrong_call, "InvalidArgument", error);
  } catch (const std::exception& error) {
    return failure_of(ExitCode::unexpected, "Error", error);
  }
}

}  // namespace flowdb::cli
