#pragma once

#include <functional>

#include "backend/transaction_fate.hpp"
#include "core/clock.hpp"
#include "core/deadline.hpp"

namespace flowdb {

/// One look at what became of a transaction. `end_it`: if it is still under way, its session is to
/// be ended.
using FateLook = std::function<backend::Fate(bool end_it)>;

/// Finds out what became of a transaction whose COMMIT went unanswered: looks again and again until
/// the answer is final or the deadline passes. The server may be away for a moment, so that `look`
/// throws; the transaction may still be under way, or its session does not know yet that nobody is
/// there any more, and is then ended. Never throws what belongs to the looking.
backend::Fate find_fate(const FateLook& look, Clock& clock, const Deadline& deadline);

}  // namespace flowdb
