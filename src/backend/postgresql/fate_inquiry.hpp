#pragma once

#include "backend/error_context.hpp"
#include "backend/postgresql/link.hpp"
#include "backend/transaction_fate.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

/// What Connection::fate_of() is. \throws like StatementRun.
Fate ask_for_fate(Link& link, const ErrorContext& context, const TransactionTrace& trace,
                  bool end_it, const Deadline& deadline);

}  // namespace flowdb::backend::postgresql
