#pragma once

#include <functional>

#include "backend/transaction_fate.hpp"
#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "pool/pool.hpp"

namespace flowdb {

/// Asks the server what became of a transaction whose COMMIT went unanswered, on connections that
/// `acquire` gives, again and again until the answer is final or the deadline passes: the server
/// may be away for a moment, the transaction may still be under way, or its session does not know
/// yet that nobody is there any more; then it is ended. Never throws what belongs to the asking.
backend::Fate find_fate(const backend::TransactionTrace& trace,
                        const std::function<pool::Lease()>& acquire, Clock& clock,
                        const Deadline& deadline);

}  // namespace flowdb
