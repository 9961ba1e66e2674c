#pragma once

#include <string>

#include <flowdb/reports.hpp>

namespace flowdb::pool {

/// What is most likely wrong, by the rest of the report.
ExhaustionCause likely_cause(const PoolExhaustion& report);

/// The sentences of a PoolTimeoutError: the counts, the cause, the remedy, the holders (at most
/// five), the last connect error.
std::string describe(const PoolExhaustion& report);

/// The sentences for one who gave up while connections were still being opened.
std::string describe_unopened(const PoolExhaustion& report);

/// `transaction at rpa1/load.cpp:42 in rpa1/load (thread 7, for 12345 ms, running UPDATE …)`.
std::string describe(const ConnectionHolder& holder);

}  // namespace flowdb::pool
