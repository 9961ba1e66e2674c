#pragma once

#include <string>
#include <vector>

#include <flowdb/result_set.hpp>
#include <flowdb/value.hpp>

#include "migration/history_row.hpp"

namespace flowdb::migration {

/// The rows of an answer with the history's columns, in the order of kHistoryColumns.
std::vector<HistoryRow> rows_in(const ResultSet& result);

/// `2024-01-15T10:30:00.000000Z`, the fraction of six digits at least; from a timestamp in the form
/// in which a cell holds it.
std::string iso_text(std::string timestamp);

/// Inserts a row as it is; see copy_params().
std::string copy_statement(const std::string& table);
Params copy_params(const HistoryRow& row);

}  // namespace flowdb::migration
