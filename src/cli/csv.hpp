#pragma once

#include <ostream>

#include <flowdb/result_set.hpp>

namespace flowdb::cli {

/// The rows as comma-separated values with a line of headings (RFC 4180). NULL is nothing at all,
/// the empty text a pair of quotes, as PostgreSQL's COPY has it.
void print_csv(std::ostream& out, const ResultSet& rows);

}  // namespace flowdb::cli
