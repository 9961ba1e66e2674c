#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/tds_server/protocol/tokens.hpp"

namespace flowdb::tds_server {

/// PostgreSQL's columns under the names that the statement gives them (nullopt stands for those of
/// one `*`). A DECIMAL whose scale PostgreSQL does not tell gets that of its value in `first`, the
/// first row.
std::vector<Column> result_columns(std::vector<Column> columns,
                                   const std::vector<std::optional<std::string>>& labels,
                                   const Cells* first);

}  // namespace flowdb::tds_server
