#pragma once

namespace flowdb::backend::sqlserver {

/// What SQL Server's error numbers mean for whoever called.
/// https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/database-engine-events-and-errors
///
/// Trying again may help.
bool is_transient(int number) noexcept;
/// The server rolled the transaction back because of others: it may run again as a whole.
bool is_conflict(int number) noexcept;
/// A unique, foreign key, check or not-null constraint.
bool is_constraint(int number) noexcept;
/// The server refused the user, the password or its use of the database.
bool is_refused_login(int number) noexcept;
/// There is no such database, or none that the login may open.
bool is_unknown_database(int number) noexcept;
/// The server has ended the session, or is about to.
bool ends_session(int number) noexcept;
/// The text of the error has names in its quotes, or nothing: it may be shown as it is, but for
/// what clean_message() cuts off.
bool quotes_hold_names(int number) noexcept;

inline constexpr int kNoTransactionToCommit = 3902;
inline constexpr int kNoTransactionToRollBack = 3903;
inline constexpr int kDoomedTransaction = 3930;
inline constexpr int kNoSuchSavepoint = 6401;
inline constexpr int kNoWayToSavepoint = 3931;
/// A procedure ended another number of transactions than it began.
inline constexpr int kUnbalancedTransactions = 266;
inline constexpr int kFirstOwnNumber = 50'000;  ///< RAISERROR and THROW of the database's own code

}  // namespace flowdb::backend::sqlserver
