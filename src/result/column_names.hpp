#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/result_set.hpp>

namespace flowdb::result {

/// `column 'name'`: what a message calls it.
std::string describe(const Column& column);

/// The place of the only column of that name.
/// \throws InvalidArgument when there is none (lists those that exist) or more than one.
std::size_t find_column(const std::vector<Column>& columns, std::string_view name);

/// \throws InvalidArgument when two columns have one name, as an object cannot hold both.
void require_distinct_names(const std::vector<Column>& columns);

}  // namespace flowdb::result
