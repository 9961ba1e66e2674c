#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/value.hpp>

#include "backend/postgresql/errors.hpp"
#include "backend/postgresql/link.hpp"
#include "backend/postgresql/statement_run.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

/// Loads rows with COPY … FROM STDIN in text format.
/// https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.2
/// \throws InvalidArgument for a row that has not as many values as there are columns, a text with
/// a NUL or a time that is none; names the row. Nothing is sent then.
std::uint64_t copy_in(Link& link, const ErrorContext& context, Effect effect,
                      std::string_view table, const std::vector<std::string>& columns,
                      const std::vector<std::vector<Value>>& rows, const Deadline& deadline);

/// Runs a COPY … FROM STDIN and sends `data` as they are.
void copy_in(Link& link, const ErrorContext& context, Effect effect, std::string_view statement,
             std::string_view data, const Deadline& deadline);

}  // namespace flowdb::backend::postgresql
